print("catenary")
