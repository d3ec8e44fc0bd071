"""The details of a gRPC error: `google.rpc.Status`, read without its generated module.

Two wheels ship a module for it (`pulumi` and `googleapis-common-protos`), and a process can load only one of them.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FIELD = descriptor_pb2.FieldDescriptorProto


def _status_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="local_engine/status.proto", package="local_engine", syntax="proto3")
    detail = file.message_type.add(name="Detail")
    detail.field.add(name="type_url", number=1, type=_FIELD.TYPE_STRING, label=_FIELD.LABEL_OPTIONAL)
    detail.field.add(name="value", number=2, type=_FIELD.TYPE_BYTES, label=_FIELD.LABEL_OPTIONAL)
    status = file.message_type.add(name="Status")
    status.field.add(name="code", number=1, type=_FIELD.TYPE_INT32, label=_FIELD.LABEL_OPTIONAL)
    status.field.add(name="message", number=2, type=_FIELD.TYPE_STRING, label=_FIELD.LABEL_OPTIONAL)
    status.field.add(
        name="details",
        number=3,
        type=_FIELD.TYPE_MESSAGE,
        label=_FIELD.LABEL_REPEATED,
        type_name=".local_engine.Detail",
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("local_engine.Status"))


_STATUS = _status_class()


def find_detail(status: bytes, name: str) -> bytes | None:
    """Return the serialized detail of one type, if the status has it."""
    for detail in _STATUS.FromString(status).details:
        if detail.type_url.rpartition("/")[2] == name:
            return bytes(detail.value)
    return None
