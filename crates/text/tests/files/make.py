"""Makes the fixtures. python -m venv v; v/bin/pip install reportlab fpdf2 uharfbuzz python-docx odfpy openpyxl xlwt; v/bin/python make.py OUT"""
import sys, os
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
P = lambda n: os.path.join(out, n)
FONT = "/usr/share/fonts/truetype/noto/NotoSerifKhmer-Regular.ttf"
LOREM = ("The court sentenced nine environmental activists to twenty months in prison after a trial that lasted less than an hour. "
 "Observers who attended the hearing said that the defence was not allowed to call its witnesses and that the judgment had been written beforehand. "
 "Human rights organisations asked the authorities to drop the charges and to release the defenders without conditions. ")

def two_columns():
    from reportlab.platypus import BaseDocTemplate, PageTemplate, Frame, Paragraph, Spacer, Table, FrameBreak, NextPageTemplate, PageBreak
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    w, h = A4
    body = ParagraphStyle("b", fontName="Times-Roman", fontSize=10, leading=12, alignment=4, spaceAfter=6, firstLineIndent=10)
    head = ParagraphStyle("h", fontName="Times-Bold", fontSize=13, leading=16, spaceBefore=6, spaceAfter=4)
    def page(c, doc):
        c.setFont("Times-Roman", 9)
        c.drawString(20*mm, h-12*mm, "Annual report on the situation of defenders")
        c.drawCentredString(w/2, 10*mm, str(doc.page))
        c.setFont("Times-Roman", 8)
        if doc.page == 1:
            c.setFont("Times-Bold", 20)
            c.drawString(20*mm, h-25*mm, "Defenders under pressure in the north")
            c.setFont("Times-Roman", 8)
            y = 24*mm
            c.line(20*mm, y+4*mm, 60*mm, y+4*mm)
            c.setFont("Times-Roman", 5); c.drawString(20*mm, y+2.5, "1")
            c.setFont("Times-Roman", 8); c.drawString(22*mm, y, "A/HRC/51/66, paragraph 12, and the reply of the Government.")
            c.setFont("Times-Roman", 5); c.drawString(20*mm, y-10+2.5, "2")
            c.setFont("Times-Roman", 8); c.drawString(22*mm, y-10, "Interview with the lawyer of the nine, 16 November 2020.")
    col = (w-46*mm)/2
    f = lambda x, top: Frame(x, 32*mm, col, h-32*mm-top, leftPadding=0, rightPadding=0)
    first = PageTemplate("first", [f(20*mm, 30*mm), f(26*mm+col, 30*mm)], onPage=page)
    later = PageTemplate("later", [f(20*mm, 18*mm), f(26*mm+col, 18*mm)], onPage=page)
    d = BaseDocTemplate(P("columns.pdf"), pagesize=A4, pageTemplates=[first, later], title="Defenders under pressure", author="Sok Dara", invariant=1)
    s = [NextPageTemplate("later"), Paragraph("First column begins.<super size=6>1</super> " + LOREM, body), Paragraph("Arrests in the capital", head)]
    for i in range(9):
        s.append(Paragraph(f"Paragraph {i} says this.{'<super size=6>2</super>' if i==4 else ''} " + LOREM, body))
    s.append(Paragraph("Trials in the provinces", head))
    for i in range(9, 14):
        s.append(Paragraph(f"Paragraph {i} says this. " + LOREM, body))
    d.build(s)

def table_pdf():
    from reportlab.platypus import SimpleDocTemplate, Paragraph, Table
    from reportlab.lib.styles import getSampleStyleSheet
    st = getSampleStyleSheet()
    d = SimpleDocTemplate(P("table.pdf"), title="Microsoft Word - table.doc", invariant=1)
    rows = [["Name", "Charge", "Sentence"], ["Chhim Sithar", "incitement", "2 years"], ["Kem Sokha", "treason", "27 years"], ["Rong Chhun", "incitement", "20 months"]]
    d.build([Paragraph("Table of sentences", st["Title"]), Paragraph("Phnom Penh, 16 November 2020", st["Normal"]), Paragraph("The table below lists the sentences that courts pronounced, as far as they are known to us.", st["Normal"]), Table(rows, colWidths=[150,100,100]), Paragraph("The list is not complete; families asked that some names be left out.", st["Normal"])])

def khmer_pdf():
    from fpdf import FPDF
    p = FPDF(); p.set_creation_date(__import__("datetime").datetime(2020,11,16)); p.add_page(); p.add_font("Khmer", fname=FONT); p.set_font("Khmer", size=14)
    p.set_text_shaping(True)
    p.multi_cell(0, 10, "សេចក្តីថ្លែងការណ៍រួម\n\nសិទ្ធិមនុស្សនៅប្រទេសកម្ពុជា ត្រូវបានរំលោភបំពាន។ អ្នកការពារសិទ្ធិមនុស្សចំនួន ២១ នាក់ ត្រូវបានចាប់ខ្លួន។")
    p.output(P("khmer.pdf"))

def scan_pdf():
    from PIL import Image, ImageDraw
    im = Image.new("L", (600, 300), 255); ImageDraw.Draw(im).text((40, 40), "Nine activists were sentenced", fill=0)
    im.save(P("scan.png"), optimize=True)
    from reportlab.pdfgen import canvas
    c = canvas.Canvas(P("scan.pdf"), invariant=1); c.drawImage(P("scan.png"), 50, 400, 400, 200); c.showPage(); c.drawImage(P("scan.png"), 50, 400, 400, 200); c.save()

def attached_pdf():
    from fpdf import FPDF
    p = FPDF(); p.set_creation_date(__import__("datetime").datetime(2020,11,16)); p.add_page(); p.set_font("helvetica", size=12); p.cell(0, 10, "A letter with its source attached.")
    p.embed_file(bytes=b"# The letter\n\nIts words.\n", basename="letter.md", desc="source") if hasattr(p, "embed_file") else None
    p.output(P("attached.pdf"))

def encrypted_pdf():
    from reportlab.pdfgen import canvas
    from reportlab.lib.pdfencrypt import StandardEncryption
    c = canvas.Canvas(P("locked.pdf"), encrypt=StandardEncryption("secret", ownerPassword="owner", strength=128), invariant=1); c.drawString(100,700,"secret words"); c.save()

def looping_pdf():
    objs = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> /MediaBox [0 0 200 200] >>",
            b"<< /Length 5 >>\nstream\n/X Do\nendstream", b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 11 >>\nstream\n/X Do /X Do\nendstream"]
    b = b"%PDF-1.4\n"; offs = []
    for i, o in enumerate(objs, 1):
        offs.append(len(b)); b += b"%d 0 obj\n" % i + o + b"\nendobj\n"
    x = len(b); b += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objs)+1) + b"".join(b"%010d 00000 n \n" % o for o in offs) + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objs)+1, x)
    open(P("looping.pdf"), "wb").write(b)
    deep = b"%PDF-1.4\n1 0 obj\n" + b"["*200000 + b"]"*200000 + b"\nendobj\ntrailer << /Root 1 0 R >>\n"
    import zlib
    open(P("deep.pdf.z"), "wb").write(zlib.compress(deep, 9))


def letter_docx():
    import docx, zipfile, re, datetime
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import qn, nsdecls
    d = docx.Document()
    d.core_properties.author = "Sok Dara"; d.core_properties.title = "Joint open letter"; d.core_properties.last_modified_by = "Chan Thy"
    d.core_properties.created = d.core_properties.modified = datetime.datetime(2023, 9, 1)
    d.add_paragraph("Joint open letter", style="Title")
    d.add_paragraph("Geneva, 1 September 2023")
    p = d.add_paragraph("The Council adopted a resolution in 2021")
    p._p.append(parse_xml('<w:r %s><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>' % nsdecls("w")))
    p.add_run(" and nothing changed.")
    p = d.add_paragraph()
    p._p.append(parse_xml('<w:ins %s w:id="1" w:author="A"><w:r><w:t>Inserted words stay.</w:t></w:r></w:ins>' % nsdecls("w")))
    p._p.append(parse_xml('<w:del %s w:id="2" w:author="A"><w:r><w:delText>These deleted words go.</w:delText></w:r></w:del>' % nsdecls("w")))
    p._p.append(parse_xml('<w:r %s><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>' % nsdecls("w")))
    d.add_heading("Requests", 1)
    d.add_paragraph("Adopt a resolution.", style="List Number"); d.add_paragraph("Renew the mandate.", style="List Number")
    t = d.add_table(rows=2, cols=2)
    for r, row in enumerate([["Name", "Sentence"], ["Chhim Sithar", "2 years"]]):
        for c, v in enumerate(row): t.cell(r, c).text = v
    d.add_heading("ខ្មែរ", 2)
    d.add_paragraph("សិទ្ធិមនុស្សនៅប្រទេសកម្ពុជា ត្រូវបានរំលោភបំពាន។ អ្នកការពារសិទ្ធិមនុស្សចំនួន ២១ នាក់ ត្រូវបានចាប់ខ្លួន។")
    d.save(P("letter0.docx"))
    src = zipfile.ZipFile(P("letter0.docx")); out = zipfile.ZipFile(P("letter.docx"), "w", zipfile.ZIP_DEFLATED)
    for i in src.infolist():
        if i.filename.startswith("docProps/thumbnail") or i.filename.startswith("word/theme") or i.filename.startswith("customXml"): continue
        b = src.read(i)
        if i.filename == "word/styles.xml": b = re.sub(rb"<w:latentStyles.*?</w:latentStyles>", b"", b, flags=re.S)
        z = zipfile.ZipInfo(i.filename, (2023,9,1,0,0,0)); z.compress_type = zipfile.ZIP_DEFLATED
        out.writestr(z, b)
    z = zipfile.ZipInfo("word/footnotes.xml", (2023,9,1,0,0,0)); z.compress_type = zipfile.ZIP_DEFLATED
    out.writestr(z, '<?xml version="1.0"?><w:footnotes %s><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> A/HRC/RES/48/23.</w:t></w:r></w:p></w:footnote></w:footnotes>' % nsdecls("w"))
    out.close(); os.remove(P("letter0.docx"))

def statement_odt():
    from odf.opendocument import OpenDocumentText
    from odf.text import H, P as OP, Note, NoteCitation, NoteBody, List, ListItem, ListStyle, ListLevelStyleNumber
    from odf.table import Table, TableRow, TableCell, TableColumn
    d = OpenDocumentText()
    ls = ListStyle(name="L1"); ls.addElement(ListLevelStyleNumber(level="1", numformat="1", numsuffix=".")); d.automaticstyles.addElement(ls)
    d.text.addElement(H(outlinelevel=1, text="Statement on the arrests"))
    p = OP(text="Nine defenders were arrested.")
    n = Note(noteclass="footnote", id="ftn1"); n.addElement(NoteCitation(text="1")); b = NoteBody(); b.addElement(OP(text="LICADHO, 10 September 2020.")); n.addElement(b); p.addElement(n); p.addText(" They are held.")
    d.text.addElement(p)
    l = List(stylename=ls)
    for t in ["Release them.", "Drop the charges."]:
        i = ListItem(); i.addElement(OP(text=t)); l.addElement(i)
    d.text.addElement(l)
    t = Table(name="T"); t.addElement(TableColumn(numbercolumnsrepeated=2))
    for row in [["Name", "Sentence"], ["Rong Chhun", "20 months"]]:
        r = TableRow()
        for v in row:
            c = TableCell(); c.addElement(OP(text=v)); r.addElement(c)
        t.addElement(r)
    d.text.addElement(t)
    d.save(P("statement.odt"))

def sheets():
    import openpyxl, datetime, zipfile
    w = openpyxl.Workbook(); s = w.active; s.title = "Cases"
    for r in [["Name", "Arrested", "Months", "Fine"], ["Chhim Sithar", datetime.date(2022,1,4), 24, 2.5], ["Rong Chhun", datetime.date(2020,7,31), 20, None], ["merged over two", None, None, None]]: s.append(r)
    s.merge_cells("A4:B4")
    s["A5"] = "Kem Sokha"; s["C5"] = "=12*27"
    w.create_sheet("Empty"); w.properties.creator = "Sok Dara"; w.properties.created = w.properties.modified = datetime.datetime(2023,9,1)
    w.save(P("cases.xlsx"))
    import xlwt
    b = xlwt.Workbook(); sh = b.add_sheet("Cases"); sh.write(0,0,"Name"); sh.write(0,1,"Months"); sh.write(1,0,"Kem Sokha"); sh.write(1,1,324); b.save(P("cases.xls"))
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableRow, TableCell
    from odf.text import P as OP
    d = OpenDocumentSpreadsheet(); t = Table(name="Cases")
    for row in [["Name", "Months"], ["Kem Sokha", "324"]]:
        r = TableRow()
        for v in row:
            c = TableCell(valuetype="string"); c.addElement(OP(text=v)); r.addElement(c)
        c = TableCell(numbercolumnsrepeated=16000); r.addElement(c)
        t.addElement(r)
    r = TableRow(numberrowsrepeated=1000000); r.addElement(TableCell(numbercolumnsrepeated=16384)); t.addElement(r)
    d.spreadsheet.addElement(t); d.save(P("cases.ods"))
    # a sheet that says it has 17,179,869,184 cells, and has two
    src = zipfile.ZipFile(P("cases.xlsx")); out = zipfile.ZipFile(P("endless.xlsx"), "w", zipfile.ZIP_DEFLATED)
    for i in src.infolist():
        b = src.read(i)
        if i.filename == "xl/worksheets/sheet1.xml":
            b = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
        out.writestr(i.filename, b)
    out.close()
    # a sheet with a really used range of 3,000,000 cells in a few kB
    out = zipfile.ZipFile(P("bomb.docx"), "w", zipfile.ZIP_DEFLATED)
    out.writestr("word/document.xml", b"<w:document><w:body><w:p><w:r><w:t>" + b"a" * (24 << 20) + b"</w:t></w:r></w:p></w:body></w:document>")
    out.close()

for f in [two_columns, table_pdf, khmer_pdf, scan_pdf, attached_pdf, encrypted_pdf, looping_pdf, letter_docx, statement_odt, sheets]: f()
