"""Statements as banks write them."""

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.%(version)s"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>S-1</Id><ElctrncSeqNb>236</ElctrncSeqNb>
<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">5591.83</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
%(entries)s
</Stmt></BkToCstmrStmt></Document>"""

INCOMING = """<Ntry><Amt Ccy="EUR">4604.33</Amt><CdtDbtInd>CRDT</CdtDbtInd>%(status)s
<BookgDt><Dt>2026-11-26</Dt></BookgDt><ValDt><Dt>2026-11-27</Dt></ValDt><AcctSvcrRef>B-1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>E2E-42</EndToEndId></Refs>
<RltdPties><Dbtr>%(name)s</Dbtr><DbtrAcct><Id><IBAN>NL69INGB0123456789</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>Invoice 2026-0042</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>
</TxDtls></NtryDtls></Ntry>"""

FEE = """<Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><DtTm>2026-11-26T23:10:00+01:00</DtTm></BookgDt><AddtlNtryInf>Bank fee</AddtlNtryInf></Ntry>"""

PENDING = FEE.replace("BOOK", "PDNG")

BATCH = """<Ntry><Amt Ccy="EUR">%(total)s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-11-26</Dt></BookgDt><AcctSvcrRef>B-9</AcctSvcrRef><NtryDtls>
<TxDtls><Refs><EndToEndId>A</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">100.00</Amt></TxAmt></AmtDtls></TxDtls>
<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">50.00</Amt></TxDtls>
</NtryDtls></Ntry>"""


def camt(*entries: str, version: str = "02") -> bytes:
    return (CAMT % {"version": version, "entries": "".join(entries)}).encode()


def incoming(version: str = "02") -> str:
    """The element of the status and of the name moved in version 8."""
    if version == "02":
        return INCOMING % {"status": "<Sts>BOOK</Sts>", "name": "<Nm>Mia de Vries</Nm>"}
    return INCOMING % {"status": "<Sts><Cd>BOOK</Cd></Sts>", "name": "<Pty><Nm>Mia de Vries</Nm></Pty>"}


DUTCH_MT940 = b"""{1:F01ABNANL2AXXXX0000000000}{2:I940ABNANL2AXXXN}{4:
:20:940S261126
:25:NL91ABNA0417164300 EUR
:28C:236/1
:60F:C261125EUR1000,00
:61:2611271126C4604,33NTRFEREF//261126X1
/TRCD/00100/
:86:/EREF/E2E-42//CNTP/NL69INGB0123456789/INGBNL2A/Mia de Vries///REMI/ST
RD/CUR/5000056789012345/
:61:2611261126D12,5NMSCNONREF
:86:Bank fee november
second line
:62F:C261126EUR5591,83
-}
"""

GERMAN_MT940 = """:20:X
:25:50010517/0648489890
:28C:1
:60F:C261126EUR1000,
:61:261126C500,NTRFKREF+//DEF
:86:166?00GUTSCHRIFT?109075?20EREF+ABC-1?21SVWZ+Rechnung 2026-?220042
?30COBADEFF?31DE89370400440532013000?32Max Müster?33mann
:61:261126RC20,00NTRFNONREF
:86:899?00STORNO?20SVWZ+Zurück
:62F:C261126EUR1480,
""".encode("cp1252")
