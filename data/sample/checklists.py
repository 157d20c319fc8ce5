"""What the sample company's people tick at a visit, by kind of work; True where the work is not done without it."""

Steps = tuple[tuple[str, bool], ...]

CHECKLISTS: dict[str, Steps] = {
    "Boiler service": (("Gas supply shut off", True), ("Filter set replaced", False), ("Tightness tested", True)),
    "Gas meter exchange": (("Gas supply shut off", True), ("Old reading noted", True), ("Tightness tested", True)),
    "Electricity meter exchange": (("Dead, and secured against switching on", True), ("Old reading noted", True)),
    "Fuse board replacement": (("Dead, and secured against switching on", True), ("Protective devices tested", True)),
    "Fibre installation": (("Signal level measured", True), ("Socket labelled", False)),
    "Internet fault": (("Line measured", True),),
    "Lift inspection": (("Lift taken out of service", True), ("Emergency call tested", True), ("Pit cleaned", False)),
    "Water tank cleaning": (("Air measured before going in", True), ("Second person outside", True)),
}
