"""The headings that we understand, in English, German, Spanish and French."""

from data.importers.columns import Column

# A word list reads better in paragraphs.
# fmt: off

PLACE_COLUMNS = (
    Column("latitude", ("lat", "y", "breite", "breitengrad", "latitud")),
    Column("longitude", ("lon", "lng", "long", "x", "laenge", "längengrad", "longitud")),
    Column("location", (
        "coordinates", "coords", "lat lon", "latlng", "gps", "position", "koordinaten", "standort",
        "coordenadas", "ubicación", "coordonnées"
    )),
)

_TERRITORY = Column("territory", (
    "area", "region", "zone", "district", "gebiet", "bezirk", "revier", "zona", "territorio", "sector",
    "comuna", "secteur", "territoire"
))

TECHNICIAN_COLUMNS = (
    Column("code", (
        "id", "technician id", "technician code", "employee id", "staff id", "personnel number",
        "personalnummer", "kürzel", "kennung", "código", "legajo", "matricule", "identifiant"
    )),
    Column("name", (
        "full name", "technician", "technician name", "worker", "techniker", "mitarbeiter", "nombre",
        "nombre completo", "técnico", "nom", "nom complet", "technicien"
    )),
    Column("kind", (
        "type", "employment", "employment type", "contract", "art", "anstellung", "beschäftigung", "tipo",
        "contrato", "contrat", "type de contrat"
    )),
    Column("email", (
        "e-mail", "mail", "email address", "correo", "correo electrónico", "courriel", "adresse e-mail"
    )),
    Column("phone", (
        "telephone", "mobile", "phone number", "cell", "telefon", "handy", "mobil", "teléfono", "móvil",
        "celular", "téléphone", "portable"
    )),
    Column("skills", (
        "skill", "skill levels", "qualifications", "competences", "fähigkeiten", "qualifikationen",
        "kenntnisse", "habilidades", "competencias", "compétences", "qualifications requises"
    )),
    _TERRITORY,
    Column("secondary_territories", (
        "other territories", "also works in", "weitere gebiete", "nebengebiete", "territorios secundarios",
        "otras zonas", "secteurs secondaires", "autres secteurs"
    )),
    *PLACE_COLUMNS,
    Column("home_address", (
        "home", "address", "start address", "adresse", "wohnort", "anschrift", "dirección", "domicilio",
        "domicile"
    )),
    Column("hours", (
        "working hours", "shift pattern", "schedule", "arbeitszeiten", "arbeitszeit", "horario",
        "horario laboral", "horaires", "heures de travail"
    )),
    Column("days", (
        "weekdays", "working days", "work days", "arbeitstage", "wochentage", "días", "días laborales",
        "jours", "jours travaillés"
    )),
    Column("start", (
        "start time", "shift start", "from", "begin", "beginn", "schichtbeginn", "von", "inicio",
        "hora inicio", "desde", "entrada", "début", "heure début", "de"
    )),
    Column("end", (
        "end time", "shift end", "until", "to", "finish", "ende", "schichtende", "bis", "fin", "hora fin",
        "hasta", "salida", "heure fin", "à"
    )),
    Column("latest_end", (
        "overtime until", "latest", "max end", "überstunden bis", "spätestens", "fin máximo",
        "horas extra hasta", "fin au plus tard"
    )),
    Column("lunch", (
        "lunch break", "break", "pause", "mittagspause", "mittag", "almuerzo", "colación", "descanso",
        "pausa", "déjeuner", "pause déjeuner"
    )),
    Column("capacity", (
        "parts", "van stock", "stock", "load", "ersatzteile", "fahrzeugbestand", "bestand", "lagerbestand",
        "repuestos", "inventario", "pièces", "stock véhicule"
    )),
    Column("max_visits", (
        "maximum visits", "max jobs", "visits per day", "jobs per day", "max besuche", "max aufträge",
        "visitas máximas", "máximo de visitas", "visites max", "visites maximum"
    )),
    Column("max_travel", (
        "max travel time", "maximum travel", "max fahrzeit", "viaje máximo", "trajet max"
    ), length=True),
    Column("hourly_cost", (
        "cost per hour", "hourly rate", "rate", "stundensatz", "stundenlohn", "costo hora", "costo por hora",
        "tarifa", "coût horaire", "taux horaire"
    )),
    Column("day_cost", (
        "cost per day", "daily cost", "day rate", "fixed cost", "tagessatz", "fixkosten", "costo diario",
        "costo fijo", "coût journalier", "coût fixe"
    )),
    Column("pace_percent", ("pace", "pace %", "work pace", "tempo", "arbeitstempo", "ritmo", "rythme")),
    Column("absences", (
        "absence", "leave", "holidays", "vacation", "time off", "abwesenheit", "abwesenheiten", "urlaub",
        "ausencias", "vacaciones", "congés", "absences prévues"
    )),
    Column("active", ("employed", "aktiv", "activo", "actif")),
    Column("branch", ("department", "company", "firma", "abteilung", "empresa", "sucursal", "entreprise")),
    Column("special_shifts", ("single shifts", "extra shifts", "sonderschichten", "turnos especiales")),
    Column("loans", ("on loan to", "lent to", "ausleihe", "préstamos")),
    Column("limits", ("limit", "contractor limits", "kontingent", "límites", "limites")),
    Column("on_call", ("on call duty", "standby", "bereitschaft", "guardia", "astreinte")),
)

JOB_COLUMNS = (
    Column("number", (
        "job", "job number", "job id", "id", "no", "order", "order number", "ticket", "work order",
        "reference", "auftrag", "auftragsnummer", "auftragsnr", "nr", "nummer", "número", "orden",
        "número de orden", "folio", "numéro", "commande", "référence"
    )),
    Column("title", (
        "subject", "summary", "description", "task", "work", "betreff", "titel", "beschreibung",
        "bezeichnung", "título", "asunto", "descripción", "trabajo", "titre", "objet", "intitulé"
    )),
    Column("job_type", (
        "type", "kind", "category", "service type", "auftragsart", "art", "kategorie", "tipo",
        "tipo de trabajo", "categoría", "type d'intervention", "catégorie"
    )),
    Column("customer_name", (
        "customer", "client", "account", "contact", "kunde", "kundenname", "cliente", "nombre del cliente",
        "client nom", "nom du client"
    )),
    Column("customer_phone", (
        "phone", "telephone", "mobile", "phone number", "telefon", "handy", "teléfono", "móvil", "celular",
        "téléphone", "portable"
    )),
    Column("customer_email", ("email", "e-mail", "mail", "correo", "correo electrónico", "courriel")),
    Column("address", (
        "street address", "site address", "site", "street", "adresse", "anschrift", "straße", "einsatzort",
        "dirección", "domicilio", "calle", "rue", "lieu"
    )),
    *PLACE_COLUMNS,
    _TERRITORY,
    Column("on", (
        "date", "day", "service date", "visit date", "requested date", "requested day", "datum", "tag",
        "termin", "wunschtermin", "fecha", "día", "fecha de visita", "jour", "date souhaitée"
    )),
    Column("service", (
        "duration", "service time", "service duration", "time needed", "length", "estimated duration",
        "dauer", "einsatzdauer", "arbeitsdauer", "duración", "duración estimada", "tiempo", "durée",
        "durée prévue"
    ), length=True),
    Column("setup", (
        "setup time", "preparation", "rüstzeit", "vorbereitung", "preparación", "préparation"
    ), length=True),
    Column("skills", (
        "skill", "required skills", "skill levels", "qualifications", "fähigkeiten", "qualifikationen",
        "benötigte qualifikation", "habilidades", "competencias", "compétences"
    )),
    Column("windows", (
        "window", "time window", "time windows", "slot", "appointment", "zeitfenster", "ventana", "ventanas",
        "ventana horaria", "horario", "créneau", "créneaux", "plage horaire"
    )),
    Column("window_start", (
        "window from", "from", "earliest", "start", "start time", "not before", "von", "frühestens", "desde",
        "inicio", "hora inicio", "de", "début", "au plus tôt"
    )),
    Column("window_end", (
        "window to", "to", "until", "latest", "end", "end time", "not after", "bis", "spätestens", "hasta",
        "fin", "hora fin", "à", "au plus tard"
    )),
    Column("due_at", (
        "due", "due date", "deadline", "sla", "sla due", "fällig", "fällig am", "frist", "vence",
        "vencimiento", "fecha límite", "plazo", "échéance", "date limite"
    )),
    Column("reported_at", (
        "reported", "reported on", "called at", "gemeldet", "gemeldet am", "reportado", "signalé le"
    )),
    Column("restore_by_at", (
        "restore by", "resolve by", "fix by", "wiederherstellung bis", "resolver antes de", "rétablir avant"
    )),
    Column("priority", (
        "prio", "urgency", "priorität", "dringlichkeit", "prioridad", "urgencia", "priorité", "urgence"
    )),
    Column("required", (
        "required technician", "required technicians", "only", "pflichttechniker", "técnico requerido",
        "técnicos requeridos", "technicien requis"
    )),
    Column("preferred", (
        "preferred technician", "preferred technicians", "wunschtechniker", "técnico preferido",
        "técnicos preferidos", "technicien préféré"
    )),
    Column("excluded", (
        "excluded technician", "excluded technicians", "not", "ausgeschlossen", "ausgeschlossene techniker",
        "técnico excluido", "técnicos excluidos", "technicien exclu"
    )),
    Column("parts", (
        "materials", "material", "spare parts", "ersatzteile", "teile", "repuestos", "materiales", "pièces",
        "pièces détachées"
    )),
    Column("notes", (
        "note", "comment", "comments", "remarks", "instructions", "bemerkung", "bemerkungen", "hinweise",
        "kommentar", "notas", "observaciones", "comentarios", "remarques", "commentaire"
    )),
)

TERRITORY_COLUMNS = (
    Column("name", (
        "territory", "area", "region", "district", "gebiet", "bezirk", "bezeichnung", "nombre", "territorio",
        "sector", "nom", "secteur", "territoire"
    )),
    Column("zone", (
        "time zone", "tz", "zeitzone", "zona horaria", "huso horario", "fuseau", "fuseau horaire"
    )),
    Column("polygon", (
        "geometry", "wkt", "shape", "boundary", "grenze", "polígono", "geometría", "polygone", "géométrie"
    )),
    Column("phone", ("telephone", "phone number", "telefon", "teléfono", "téléphone")),
)
