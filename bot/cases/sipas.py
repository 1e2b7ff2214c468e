"""The five service factors of SIPAS (Bộ Nội vụ), in whose words a closed case is rated 1 to 5.

Marks given here are of those who chose to give them; they are never called SIPAS in a report.
"""

FACTORS = ("tiep_can", "thu_tuc", "cong_chuc", "ket_qua", "phan_hoi")
MARKS = (5, 4, 3, 2, 1)
