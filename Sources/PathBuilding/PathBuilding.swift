// PathBuilding
