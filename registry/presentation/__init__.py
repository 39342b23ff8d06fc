"""What pages say of versions and trainings: charts as SVG, figures in words. Nothing is stored here."""
