"""HTTP: one file per resource; each route names its permission and the schemas that validate and describe it."""
