"""The headings of the tables of customers, assets, contracts, kinds of work, parts, absences and holidays."""

from data.importers.columns import Column
from data.importers.synonyms import PLACE_COLUMNS

# A word list reads better in paragraphs.
# fmt: off

_ID = Column("id", ("wrenchtime id",))
_PHONE = ("telephone", "mobile", "phone number", "telefon", "handy", "teléfono", "móvil", "téléphone", "portable")
_ADDRESS = Column("address", (
    "street address", "street", "adresse", "anschrift", "straße", "dirección", "domicilio", "calle", "rue"
))
_NOTES = Column("notes", ("note", "comment", "comments", "remarks", "bemerkung", "bemerkungen", "notas", "remarques"))
_OWNER = (
    Column("customer_id", ()),
    Column("customer", ("customer name", "client", "account", "kunde", "kundenname", "cliente", "nom du client")),
    Column("customer_phone", ("customer telephone", "kundentelefon", "teléfono del cliente")),
)

CUSTOMER_COLUMNS = (
    _ID,
    Column("name", (
        "customer", "customer name", "client", "account", "kunde", "kundenname", "nombre", "cliente", "nom"
    )),
    Column("phone", _PHONE),
    Column("email", ("e-mail", "mail", "email address", "correo", "correo electrónico", "courriel")),
    _ADDRESS,
    *PLACE_COLUMNS,
    _NOTES,
)

ASSET_COLUMNS = (
    _ID,
    *_OWNER,
    Column("name", ("asset", "equipment", "machine", "anlage", "gerät", "equipo", "activo", "équipement", "appareil")),
    Column("maker", ("manufacturer", "make", "brand", "hersteller", "marke", "fabricante", "marca", "fabricant")),
    Column("model", ("type", "modell", "typ", "modelo", "modèle")),
    Column("serial", ("serial number", "serial no", "seriennummer", "número de serie", "numéro de série")),
    Column("installed_on", ("installed", "installation date", "installiert am", "instalado", "installé le")),
    Column("retired_on", ("retired", "removed on", "außer betrieb", "retirado", "retiré le")),
    _ADDRESS,
    *PLACE_COLUMNS,
    _NOTES,
)

CONTRACT_COLUMNS = (
    _ID,
    *_OWNER,
    Column("name", ("contract", "sla", "agreement", "vertrag", "contrato", "contrat")),
    Column("starts_on", (
        "from", "start", "start date", "valid from", "von", "beginn", "desde", "inicio", "de", "début"
    )),
    Column("ends_on", ("to", "until", "end", "end date", "valid to", "bis", "ende", "hasta", "fin", "à")),
    Column("respond_within", (
        "response", "response time", "respond by", "reaktionszeit", "tiempo de respuesta", "délai d'intervention"
    ), length=True),
    Column("restore_within", (
        "restore", "restore time", "resolution time", "fix within", "wiederherstellungszeit", "tiempo de solución",
        "délai de rétablissement"
    ), length=True),
    Column("hours", ("business hours", "service hours", "geschäftszeiten", "horario", "horaires")),
    Column("zone", ("time zone", "tz", "zeitzone", "zona horaria", "fuseau horaire")),
    Column("runs_on_holidays", ("holidays too", "also on holidays", "auch an feiertagen", "también en feriados")),
)

JOB_TYPE_COLUMNS = (
    _ID,
    Column("name", ("job type", "type", "kind", "work", "auftragsart", "art", "tipo", "tipo de trabajo", "nom")),
    Column("service", (
        "duration", "service time", "default duration", "dauer", "duración", "durée"
    ), length=True),
    Column("setup", ("setup time", "preparation", "rüstzeit", "preparación", "préparation"), length=True),
    Column("priority", ("prio", "urgency", "priorität", "prioridad", "priorité")),
    Column("skills", ("skill", "required skills", "fähigkeiten", "qualifikationen", "habilidades", "compétences")),
    Column("parts", ("materials", "material", "spare parts", "ersatzteile", "teile", "repuestos", "pièces")),
    Column("checklist", ("steps", "check list", "checkliste", "schritte", "pasos", "étapes")),
)

PART_COLUMNS = (
    Column("name", ("part", "part name", "teil", "ersatzteil", "repuesto", "pieza", "pièce", "nom")),
    Column("number", ("part number", "supplier number", "sku", "teilenummer", "artikelnummer", "código", "référence")),
)

ABSENCE_COLUMNS = (
    Column("technician", ("code", "technician code", "employee id", "techniker", "kürzel", "técnico", "technicien")),
    Column("from", ("from on", "start", "first day", "begin", "von", "desde", "inicio", "du", "début")),
    Column("to", ("to on", "end", "last day", "until", "bis", "hasta", "fin", "au")),
    Column("reason", ("why", "kind", "type", "grund", "motivo", "razón", "motif")),
)

HOLIDAY_COLUMNS = (
    Column("territory", ("area", "region", "gebiet", "territorio", "territoire")),
    Column("holidays", ("holiday", "feiertage", "feriados", "jours fériés")),
)
