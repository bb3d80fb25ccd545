"""Protocol B for the published networks: what the paper's drawing does on patients that no fit has seen.

The images, networks and training are those of ``worker.training.paper``; the records are split by patient.
"""
