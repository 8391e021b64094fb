"""Column names of how a customer is called, reached and found, in the languages whose words are not taken apart.

Italian, Portuguese, Polish, Czech, Hungarian, Romanian, Turkish, Greek, Russian, Ukrainian, those of the North,
Chinese, Japanese, Korean, Hebrew, Arabic and Vietnamese. Of a first name beside a last one the cells tell;
alone it is the whole.
"""

from leads.importing.mapping.headings import Field

NAMES_ABROAD: dict[Field, str] = {
    Field.NAME: "nome, nome completo, nome e cognome, nominativo, referente, imię i nazwisko, klient, jméno, "
    "jméno a příjmení, zákazník, név, teljes név, nume, nume complet, adı, ad soyad, adı soyadı, müşteri, όνομα, "
    "ονοματεπώνυμο, имя, фио, ф.и.о., полное имя, клиент, контакт, контактное лицо, ім'я, піб, клієнт, namn, navn, "
    "fullt navn, nimi, kund, kunde, 姓名, 名字, 客户, 客户姓名, 联系人, 聯絡人, 氏名, お名前, 名前, 顧客名, "
    "이름, 성명, 고객명, "
    "שם, שם מלא, שם לקוח, איש קשר, اسم, الاسم, الاسم الكامل, اسم العميل, họ tên, họ và tên, tên khách hàng",
    Field.FIRST_NAME: "imię, křestní jméno, keresztnév, utónév, prenume, förnamn, fornavn, etunimi, 名, "
    "שם פרטי, الاسم الأول",
    Field.LAST_NAME: "cognome, sobrenome, nazwisko, příjmení, vezetéknév, soyadı, soyad, επώνυμο, фамилия, прізвище, "
    "efternamn, efternavn, etternavn, sukunimi, 姓, "
    "שם משפחה, اسم العائلة",
    Field.INFIX: "отчество, по батькові",
    Field.COMPANY: "azienda, ragione sociale, nazwa firmy, společnost, cég, cégnév, firmă, şirket, εταιρεία, компания, "
    "организация, название компании, компанія, організація, företag, företagsnamn, selskab, selskap, virksomhed, "
    "bedrift, yritys, 公司, 公司名称, 公司名稱, 企业名称, 会社, 会社名, 회사, 회사명, "
    "חברה, שם חברה, الشركة, اسم الشركة, công ty",
    Field.EMAIL: "posta elettronica, indirizzo email, indirizzo e-mail, adres e-mail, adres email, e-mailová adresa, "
    "e-mail cím, adresă de email, e-posta, eposta, e-post, epost, sähköposti, почта, эл. почта, эл почта, "
    "электронная почта, электронный адрес, пошта, ел. пошта, електронна пошта, 邮箱, 电子邮件, 电子邮箱, 郵箱, "
    "電子郵件, 電郵, メール, メールアドレス, eメール, 이메일, 메일, "
    "אימייל, דוא״ל, דואר אלקטרוני, البريد الإلكتروني, بريد إلكتروني",
    Field.PHONE: "telefone, numer telefonu, nr telefonu, telefonszám, număr de telefon, telefonnummer, puhelin, "
    "puhelinnumero, τηλέφωνο, телефон, тел., номер телефона, рабочий телефон, номер телефону, 电话, 電話, 电话号码, "
    "联系电话, 聯絡電話, 電話番号, 전화, 전화번호, 연락처, "
    "טלפון, מספר טלפון, هاتف, الهاتف, رقم الهاتف, điện thoại, số điện thoại",
    Field.MOBILE: "cellulare, telemóvel, telefon komórkowy, tel. kom., komórka, mobilní telefon, mobilszám, cep, "
    "cep telefonu, mobiltelefon, matkapuhelin, κινητό, мобильный, мобильный телефон, моб. телефон, мобільний, "
    "手机, 手機, 手机号, 手机号码, 携帯, 携帯電話, 携帯番号, 휴대폰, 휴대전화, 핸드폰, "
    "נייד, טלפון נייד, الجوال, رقم الجوال, جوال, موبايل, di động",
    Field.STREET: "indirizzo, endereço, morada, rua, ulica, ulice, adresa, cím, utca, adresă, stradă, adress, "
    "gatuadress, osoite, katuosoite, διεύθυνση, οδός, адрес, улица, адреса, вулиця, 地址, 联系地址, 住所, 주소, "
    "כתובת, רחוב, عنوان, العنوان, الشارع, địa chỉ",
    Field.HOUSE_NUMBER: "nr domu, numer domu, číslo popisné, номер дома, дом",
    Field.POSTCODE: "cap, cep, kod pocztowy, psč, irányítószám, cod poștal, posta kodu, postnummer, postnr, "
    "postinumero, τ.κ., ταχυδρομικός κώδικας, индекс, почтовый индекс, індекс, 邮编, 邮政编码, 郵遞區號, 郵便番号, "
    "우편번호, "
    "מיקוד, الرمز البريدي",
    Field.CITY: "città, comune, cidade, miasto, miejscowość, město, obec, város, település, oraș, localitate, şehir, "
    "πόλη, город, місто, postort, poststed, kaupunki, postitoimipaikka, 城市, 市, 市区町村, 도시, "
    "עיר, יישוב, مدينة, المدينة, thành phố",
    Field.STATE: "regione, distrito, województwo, kraj i region, megye, județ, область, регион, 省, 省份, 都道府県",
    Field.COUNTRY: "paese, nazione, kraj, země, ország, țară, ülke, χώρα, страна, країна, maa, 国家, 國家, 国, "
    "ארץ, מדינה, البلد, الدولة, quốc gia",
    Field.NOTE: "annotazioni, osservazioni, observações, notas internas, uwagi, notatki, komentarz, opis, poznámka, "
    "poznámky, megjegyzés, observații, not, notlar, açıklama, σημειώσεις, σχόλια, комментарий, комментарии, "
    "примечание, примечания, заметки, коментар, примітка, anteckningar, noter, bemærkninger, notater, "
    "muistiinpanot, 备注, 備註, 说明, 備考, メモ, 메모, 비고, "
    "הערות, הערה, ملاحظات, ملاحظة, ghi chú",
    Field.CREATED: "data creazione, data di creazione, creato il, data de criação, criado em, data utworzenia, "
    "data dodania, utworzono, datum vytvoření, vytvořeno, létrehozva, létrehozás dátuma, data creării, "
    "oluşturma tarihi, kayıt tarihi, дата создания, создан, дата добавления, дата створення, skapad, oprettet, "
    "opprettet, luotu, 创建时间, 创建日期, 建立日期, 登録日, 作成日, 作成日時, 등록일, 생성일, "
    "תאריך, תאריך יצירה, تاريخ الإنشاء, ngày tạo",
    Field.SOURCE: "fonte, provenienza, origem, źródło, zdroj, forrás, sursă, kaynak, πηγή, источник, джерело, källa, "
    "kilde, 来源, 來源, 流入経路, 출처, "
    "מקור, المصدر, nguồn",
}
