"""Tables of North America for zones.py: the states of area codes and ZIP codes, and the time zones of states."""

# In parts of these the clock differs from that of the rest, which stands first.
_SPLIT_STATES = (
    "FL New_York Chicago,IN Indiana/Indianapolis Chicago,KY New_York Chicago,MI Detroit Chicago,TN Chicago New_York,"
    "TX Chicago Denver,KS Chicago Denver,NE Chicago Denver,ND Chicago Denver,SD Chicago Denver,"
    "ID Boise Los_Angeles,OR Los_Angeles Boise,NV Los_Angeles Denver,AZ Phoenix Denver,AK Anchorage Adak,"
    "BC Vancouver Edmonton,ON Toronto Winnipeg,QC Toronto Halifax,NL St_Johns Goose_Bay,"
    "NU Iqaluit Rankin_Inlet Edmonton"
)
_WHOLE_STATES = {
    "New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "Chicago": "AL AR IA IL LA MN MO MS OK WI",
    "Denver": "CO MT NM UT WY",
    "Los_Angeles": "CA WA",
    "Edmonton": "AB NT",
    "Winnipeg": "MB",
    "Regina": "SK",
    "Moncton": "NB",
    "Halifax": "NS PE",
    "Whitehorse": "YT",
    "Puerto_Rico": "PR",
    "St_Thomas": "VI",
}


def _zones_of_states() -> dict[str, tuple[str, ...]]:
    whole = {state: (f"America/{zone}",) for zone, states in _WHOLE_STATES.items() for state in states.split()}
    parts = [entry.split() for entry in _SPLIT_STATES.split(",")]
    split = {state: tuple(f"America/{zone}" for zone in zones) for state, *zones in parts}
    return {**whole, **split, "HI": ("Pacific/Honolulu",), "GU": ("Pacific/Guam",)}


# The zones of a state or province; where there are several, the first is that of most of it.
ZONES_OF_STATE = _zones_of_states()
US_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI".split()
)

# As the North American Numbering Plan had it in 2026.
_AREA_CODES = (
    "AB 368 403 587 780 825, AK 907, AL 205 251 256 334 659 938, AR 327 479 501 870, AZ 480 520 602 623 928, BC "
    "236 250 257 604 672 778, CA 209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 "
    "657 661 669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951, CO 303 719 720 748 970 983, CT "
    "203 475 860 959, DC 202 771, DE 302, FL 239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 "
    "813 850 863 904 941 954, GA 229 404 470 478 678 706 762 770 912 943, HI 808, IA 319 515 563 641 712, ID 208 "
    "986, IL 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872, IN 219 260 317 463 574 765 812 930, "
    "KS 316 620 785 913, KY 270 364 502 606 859, LA 225 318 337 504 985, MA 339 351 413 508 617 774 781 857 978, "
    "MB 204 431 584, MD 227 240 301 410 443 667, ME 207, MI 231 248 269 313 517 586 616 734 810 906 947 989, MN "
    "218 320 507 612 651 763 952, MO 235 314 417 557 573 636 660 816 975, MS 228 601 662 769, MT 406, NB 428 506, "
    "NC 252 336 472 704 743 828 910 919 980 984, ND 701, NE 308 402 531, NH 603, NJ 201 551 609 640 732 848 856 "
    "862 908 973, NL 709 879, NM 505 575, NS 782 902, NT 867, NU 867, NV 702 725 775, NY 212 315 329 332 347 363 "
    "516 518 585 607 631 646 680 716 718 838 845 914 917 929 934, OH 216 220 234 283 326 330 380 419 440 513 567 "
    "614 740 937, OK 405 539 572 580 918, ON 226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 "
    "905 942, OR 458 503 541 971, PA 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878, PE 782 902, QC "
    "263 273 354 367 418 438 450 468 514 579 581 819 873, RI 401, SC 803 821 839 843 854 864, SD 605, SK 306 474 "
    "639, TN 423 615 629 731 865 901 931, TX 210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 "
    "817 830 832 903 915 936 940 945 956 972 979, UT 385 435 801, VA 276 434 540 571 686 703 757 804 826 948, VI "
    "340, VT 802, WA 206 253 360 425 509 564, WI 262 274 353 414 534 608 715 920, WV 304 681, WY 307, YT 867"
)


def _states_of_areas() -> dict[str, frozenset[str]]:
    states_by_area: dict[str, set[str]] = {}
    for entry in _AREA_CODES.split(", "):
        state, *codes = entry.split()
        for code in codes:
            states_by_area.setdefault(code, set()).add(state)
    return {code: frozenset(states) for code, states in states_by_area.items()}


STATES_OF_AREA = _states_of_areas()
# Area codes of split states that hold all of their zones; every other is wholly in the first one.
AREAS_OF_ALL_ZONES = frozenset(
    "850 448 219 574 812 930 270 364 606 906 423 931 432 620 785 308 701 605 208 986 541 458 775 928 907 250 236 257 "
    "672 778 807 709 879 867 418 367 581".split()
)
# … and those wholly in the second.
AREAS_OF_SECOND_ZONE = frozenset(["915"])

# The first three digits of ZIP codes: from, until, state.
_ZIPS = (
    "005-005 NY,006-007 PR,008-008 VI,009-009 PR,010-027 MA,028-029 RI,030-038 NH,039-049 ME,050-059 VT,060-069 CT,"
    "070-089 NJ,100-149 NY,150-196 PA,197-199 DE,200-205 DC,206-219 MD,220-246 VA,247-268 WV,270-289 NC,290-299 SC,"
    "300-319 GA,320-349 FL,350-369 AL,370-385 TN,386-397 MS,398-399 GA,400-427 KY,430-459 OH,460-479 IN,480-499 MI,"
    "500-528 IA,530-549 WI,550-567 MN,569-569 DC,570-577 SD,580-588 ND,590-599 MT,600-629 IL,630-658 MO,660-679 KS,"
    "680-693 NE,700-714 LA,716-729 AR,730-732 OK,733-733 TX,734-749 OK,750-799 TX,800-816 CO,820-831 WY,832-838 ID,"
    "840-847 UT,850-865 AZ,870-884 NM,885-885 TX,889-898 NV,900-961 CA,967-968 HI,969-969 GU,970-979 OR,980-994 WA,"
    "995-999 AK"
)


def _states_of_zips() -> dict[str, str]:
    ranges = [(*entry[:7].split("-"), entry[8:]) for entry in _ZIPS.split(",")]
    return {f"{number:03}": state for low, high, state in ranges for number in range(int(low), int(high) + 1)}


STATE_OF_ZIP = _states_of_zips()
# The same for ZIP codes of split states: some of both, or wholly in the second.
ZIPS_OF_ALL_ZONES = frozenset(
    "324 401 425 426 427 465 475 479 498 499 373 798 677 678 690 691 692 585 586 588 576 575 835 979 898 860 865 "
    "995".split()
)
ZIPS_OF_SECOND_ZONE = frozenset(
    "325 420 421 422 423 424 463 464 476 477 374 376 377 378 379 799 885 693 577 838".split()
)

# The first letter of Canadian postal codes, but X: it is two territories'.
PROVINCE_OF_POSTCODE = dict(
    pair.split(":")
    for pair in "A:NL B:NS C:PE E:NB G:QC H:QC J:QC K:ON L:ON M:ON N:ON P:ON R:MB S:SK T:AB V:BC Y:YT".split()
)
POSTCODES_OF_ALL_ZONES = frozenset(["A0", "A2", "P0", "P8", "P9", "G4", "V0", "V1"])
