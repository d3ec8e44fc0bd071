"""The currencies that Stripe can charge in. https://docs.stripe.com/currencies"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_CODES = """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp
    cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils
    inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr
    mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd
    shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd usdc uyu uzs vnd vuv wst xaf xcd xof xpf yer
    zar zmw
"""
CURRENCIES = frozenset(_CODES.split())


def _known(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("currency", "takes a three-letter currency code as a string")
    if value not in CURRENCIES and value.lower() in CURRENCIES:
        raise PydanticCustomError("currency", "is written in lower case: {code}", {"code": value.lower()})
    if value not in CURRENCIES:
        raise PydanticCustomError("currency", "is not a currency that Stripe knows; write its ISO code, such as usd")
    return value


Currency = Annotated[str, BeforeValidator(_known), WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES)})]
"""A currency code as Stripe writes it: lower case."""
