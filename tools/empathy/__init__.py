"""What the Expressive Resonance Index does on simulated visitors, and what it assumes of people.

  python -m tools.empathy table       measure every required property, and the cases that flatter
                                      less; prints the table and saves it with a picture
  python -m tools.empathy calibrate   measure what the index assumes of people it does not know and
                                      write calibration/empathy.toml

Visitors are simulated on the level of features (`attune.scenario.visitors`) and read with the error
that an expression model of a given reliability makes. All figures are synthetic.
"""
