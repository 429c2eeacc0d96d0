"""Walks every branch of a flow with every fault, and reports loops, dead ends, and how far it is to an answer or a person."""
