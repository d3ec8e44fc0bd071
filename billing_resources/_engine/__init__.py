"""How the declarations are carried out: validation, diff, parameters, lifecycle. Private, free to change."""
