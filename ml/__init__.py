"""Networks: what learns, reads and draws. Knows no Django and no queue.

core        cards, engines, calibration, the trainer: what all rooms share
simulation  answer sheets' cells as printed, filled in and photographed; writing: digits found in any picture
cells       marks, numerals and letters in a cell       )
digits      handwritten digits                          )  network, data, train, evaluate, reader
pictures    what a picture shows                        )
faces       generators, and the way back from a face    )
teaching    classifiers of one's own                    )
kinds       every kind that is trained and measured; inspection: weights from elsewhere
"""
