"""The smallest files of each published set that show what is special about it, with the cost of their best plan."""

SOLOMON = """\
TINY

VEHICLE
NUMBER     CAPACITY
  2          10

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

  0   0   0   0    0   100    0
  1   3   4   5    0    50   10
  2   6   8   5   20    60   10
  3   1   1   5    0    90   10
"""
SOLOMON_BEST = 22.8
"""1 and 2 on one van (5 + 5 + 10), 3 on the other (1.4 twice): the demand is too much for one."""

VRPTW = """\
NAME : TINY
TYPE : VRPTW
DIMENSION : 4
VEHICLES : 2
CAPACITY : 10
SERVICE_TIME : 10
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 1 1
DEMAND_SECTION
1 0
2 5
3 5
4 5
TIME_WINDOW_SECTION
1 0 100
2 0 50
3 20 60
4 0 90
DEPOT_SECTION
1
-1
EOF
"""
VRPTW_BEST = 22.8

SDVRPTW = """\
NAME: TINY
TYPE: SDVRPTW
EDGE_WEIGHT_TYPE: EUC_2D
DIMENSION: 4
VEHICLES: 2
VEHICLES_MAX_DURATION: 30
NODE_COORD_SECTION
1\t0\t0
2\t3.0\t4.0
3\t6\t8
4\t1\t1
DEMAND_SECTION
1\t0
2\t1
3\t1
4\t1
SERVICE_TIME_SECTION
1\t0
2\t2
3\t2
4\t2
TIME_WINDOW_SECTION
1\t0\t100
2\t0\t10
3\t40\t50
4\t40\t60
CAPACITY_SECTION
1\t9
2\t8
VEHICLES_ALLOWED_CLIENTS_SECTION
1\t2\t3
2\t3\t4
EOF
"""
SDVRPTW_BEST = 30.016
"""2 (10) apart from 3 and 4 (10 + 8.602 + 1.414): 2 and 3 on one van would be 20, but take 47 with the wait."""
SDVRPTW_BEST_WITHOUT_LIMIT = 22.828

TRSP = """\
TINY

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2       2       1       1

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    0     0     0      100    0      []\t[]\t[]
1    10    0     0      100    0      [0]\t[]\t[1]
2    0     10    0      100    0      [1]\t[0]\t[0]
3    10    5     0      90     2      [0]\t[]\t[1]
4    10    8     0      90     2      [0]\t[0]\t[1]
5    0     13    50     60     2      [1]\t[0]\t[0]
"""
TRSP_BEST = 22 + 164**0.5 + 8
"""Technician 1 calls at the depot (10), then 4 (the root of 164), 3 and home (8), and works 4; 2 is out 8 in all."""

HHCRSP = """\
{
  "central_offices": [{"id": "d", "location": [0, 0]}],
  "services": [{"id": "s1", "default_duration": 5}, {"id": "s2", "default_duration": 5}],
  "caregivers": [{"id": "c1", "abilities": ["s1", "s2"]}, {"id": "c2", "abilities": ["s2"]}],
  "patients": [
    {"id": "p1", "location": [1, 1], "time_window": [10.0, 20.00000000000001],
     "required_caregivers": [{"service": "s1", "duration": 5}, {"service": "s2", "duration": 5}],
     "synchronization": {"type": "simultaneous"}},
    {"id": "p2", "location": [1, 1], "time_window": [0, 8],
     "required_caregivers": [{"service": "s1", "duration": 5}]},
    {"id": "p3", "location": [1, 1], "time_window": [30, 31],
     "required_caregivers": [{"service": "s2", "duration": 5}, {"service": "s1", "duration": 5}],
     "synchronization": {"type": "sequential", "distance": [5, 10]}}
  ],
  "distances": [[0, 10.5, 4, 9], [10.5, 0, 3.5, 2], [4, 3.5, 0, 6], [9, 2, 6, 0]]
}
"""
HHCRSP_BEST = 16
"""c1 goes to p2, p1, p3 (18.5), c2 to p1, p3 (21.5); the second service of p3 is 4 too late: (40 + 4 + 4) / 3."""
