"""Opt-out phrases by meaning, in English, Dutch, German, French and Spanish."""

REQUESTS = {
    # By itself, or with what is to stop: "stop", "stop texting me".
    "stop": """
        stop, stopp, stopping, stopall, stop all, stop it, stop this, stop that, stop already, quit, cease, desist,
        cease and desist, stoppen, stop ermee, stop hiermee, stop maar, stop dit, stop daarmee, hou op, houd op,
        ophouden, hor auf, horen sie auf, aufhoren, schluss, alto, basta, basta ya, pare, paren, parar, detener,
        detenga, detengan, detenganse, dejar de, deja de, dejen de, deje de, arret, arreter, arretez, arrete,
        cessez, cesser
    """,
    # Of sending messages, whatever stands around it.
    "unsubscribe": """
        unsubscribe, unsub, unsubscribed, unsubcribe, unsuscribe, unsubscibe, optout, opt out, opt me out,
        opt us out, opting out, i want out, want to be removed, like to be removed, wish to be removed,
        afmelden, afmeld, meld me af, meld mij af, meld ons af, meld ik me af,
        meld ik mij af, uitschrijven, schrijf me uit, schrijf mij uit, uitgeschreven, uit te schrijven,
        af te melden, afgemeld worden, opzeggen, abmelden, austragen, abbestellen, melden sie mich ab,
        abgemeldet werden, desabonner, desabonnez, desabonnez moi, me desabonner, desinscrire, desinscription,
        desinscrivez moi, desabonnement, baja, darme de baja, dar de baja, deme de baja, denme de baja,
        dame de baja, me doy de baja, cancelar suscripcion, cancelar la suscripcion, cancelar mi suscripcion,
        desuscribir, desuscribirme
    """,
    # Words of other meanings as well: alone they stop, for the networks take them so.
    "end": "end, cancel, fin, ende, halt, einde, cancelar, para",
    # With a number, a list or a name: out of all we have.
    "remove": """
        remove, delete, erase, scrub, revoke, withdraw, take me off, take us off, take my number off, take off,
        take this number off, take my name off, get me off, get us off, drop me from, get me out, intrekken,
        verwijder, verwijderen, haal, schrap, wis, loschen, losche, loschen sie, streichen, streichen sie,
        nehmen sie, entfernen, entfernen sie, supprimez, supprimer, retirez, retirer, enlevez, enlever, effacez,
        borre, borren, borrar, borra, elimine, eliminen, eliminar, quite, quiten, quitar, quiteme, quitenme,
        quitame, saqueme, saquenme, saque, borreme
    """,
    "leave": """
        leave me alone, leave us alone, lose my number, lose this number, laat me met rust, laat mij met rust,
        laat ons met rust, lassen sie mich in ruhe, lass mich in ruhe, laissez moi tranquille, fichez moi la paix,
        dejeme en paz, dejenme en paz, dejame en paz, go away, fuck off, piss off, opgerot
    """,
    "not": """
        dont, do not, dont ever, do not ever, never, no, not, please no, niet, geen, nooit, nicht, keine, kein,
        keinerlei, nie, ne, pas, aucun, ningun, nunca, no need, no need to
    """,
    # Both at once.
    "no more": """
        no more, no longer, no further, nomore, no mas, ya no, plus de, nunca mas, nooit meer, nie mehr, nie wieder
    """,
    "more": """
        any more, anymore, more, again, ever, ever again, any, further, anything else, meer, mehr, plus, mas
    """,
    "want": """
        want, wish, wil, wil ik, hoef, hoeven, wens, mochte, mochten, will, wollen, wunsche, veux, souhaite,
        souhaitons, desire, quiero, deseo, queremos
    """,
    "receive": """
        receive, receiving, get, getting, hear, hear from, ontvangen, krijgen, erhalten, bekommen, recevoir, recibir
    """,
    # Told of what was, or is not: no request.
    "told": """
        did not, didnt, have not, havent, has not, hasnt, had not, hadnt, am not, im not, is not, isnt, was not,
        wasnt, are not, arent, were not, werent
    """,
    # What we do by that medium.
    "write": """
        text, texting, txt, txting, txtn, textin, message, messaging, msg, msging, send, sending, sent, write,
        writing, spam, spamming, sms ing, smsing, whatsapp, whatsapping, appen, app, sms en, smsen, sturen,
        versturen, stuur, zend, zenden, schrijven, schreiben, schicken, senden, schreib, schick, zu schreiben,
        zu schicken, ecrire, ecrivez, mecrivez, m ecrivez, envoyer, envoyez, menvoyer, m envoyer, menvoyez,
        m envoyez, escriba, escriban, escribir, escribirme, escribas, envie, envien, enviar, enviarme, mande,
        manden, mandar, mandarme, mandes, enviame
    """,
    "email": """
        emailing, e mailing, mailing me, mail me, email me, e mail me, mailen, mailt mij, mail mij, email, e mail,
        mail
    """,
    "call": """
        calling, call, calls, phoning, ring, ringing, bellen, bel, belt, anrufen, anrufe, anruf, appeler, appelez,
        appels, llame, llamen, llamar, llamarme, llamadas
    """,
    "contact": """
        contact, contacting, bother, bothering, harass, harassing, disturb, benaderen, contacteren, contact opnemen,
        contact meer op, neem contact op, neem geen contact meer op, kontaktieren, belastigen, contacter, contactez,
        derangez, contacte, contacten, contactar, contactarme, moleste, molesten, molestar, molestarme
    """,
    "message": """
        messages, texts, msgs, txts, emails, e mails, mails, mailtjes, correos, courriels, sms, smses,
        notifications, reminders, updates, offers, ads, advertising, promotions, newsletters, newsletter, alerts,
        blasts, text messages, sms messages, subscription, subscriptions, messages de texte, berichten, berichtjes,
        bericht, smsjes, apps, appjes, reclame, aanbiedingen, nieuwsbrief, nieuwsbrieven, herinneringen, meldingen,
        nachrichten, nachricht, werbung, erinnerungen, mitteilungen, message, publicites, pub, rappels, textos,
        mensajes, mensaje, publicidad, recordatorios, notificaciones, anuncios
    """,
    "list": """
        list, lists, mailing list, texting list, email list, call list, contact list, database, system, records,
        my data, my personal data, mijn gegevens, meine daten, mes donnees, mis datos, number, phone number,
        numbers, contacts, consent, permission, lijst, mailinglijst, verzendlijst, maillijst,
        lijsten, bestand, systeem, nummer, telefoonnummer, toestemming, liste, verteiler, telefonnummer, datenbank,
        einwilligung, numero, telephone, consentement, base de donnees, lista, telefono, numero de telefono,
        consentimiento, base de datos
    """,
    "me": """
        me, us, my, mine, myself, my name, my phone, this number, mij, ons, mijn, mijn naam, mich, uns, mir, meine,
        meinen, mein, moi, mon, ma, mes, nous, mi, mis, nos, m
    """,
    # Said with a request, and nothing of its own.
    "around": """
        please, pls, plz, plse, kindly, just, now, immediately, already, right now, today, at once, asap, hi, hello,
        hey, ok, okay, thanks, thank you, thank, thx, ty, you, u, your, yours, yall, guys, folks, sir, maam, can,
        could, would, will you, you to, i, we, it, the, this, that, these, those, to, from, off, off of, out,
        out of, of, with, for, at, on, all, and, so, but, like, id like, i want, i want to, am, is, are, be, been,
        do, how, how do i, how can i, said, i said, told, told you, stuff, asked, asked you, i told you,
        i asked you, have, has, had, did, yes, sending, not interested, interested, wrong number, company, people,
        s v p, svp, list, here, phone, cell, such, hallo, hoi, dag, beste, gelieve, graag, aub, alstublieft,
        alsjeblieft, a u b, kunt, kun, kan, kunnen, wilt, wil, willen, je, jij, jullie, uw, jouw, dan, nu, en, maar,
        ik, wij, het, de, deze, die, dit, dat, van, uit, af, met, naar, aan, om, te, worden, word, hoe, dank,
        bedankt, direct, onmiddellijk, mee, sturen, per, bitte, danke, sie, ich, wir, du, ihr, ihre, ihren, von,
        aus, der, das, den, dem, an, auf, zu, und, sofort, konnen, konnten, guten, tag, jetzt, es, mochten, mehr,
        wie, s il vous plait, sil vous plait, stp, merci, bonjour, vous, votre, vos, des, le, la, les, l, d, ces,
        no me interesa, no estoy interesado, no estoy interesada,
        ce, j, et, a, maintenant, tout, toute, tous, veuillez, pouvez, cette, sur, comment, y, lo, por favor, favor,
        porfavor, gracias, hola, usted, ustedes, su, sus, el, los, las, un, una, estos, estas, ese, esos, que, del,
        con, ya, ahora, todo, todos, yo, puede, pueden, como, se, esto, eso, geinteresseerd, interesse,
        belangstelling, interessiert, interesse, interessee
    """,
    # Somebody who is tired of it may mean that we are to stop.
    "tired": """
        enough, enough already, too many, junk, genoeg, te veel, genug, zu viele, assez, trop de, suficiente,
        demasiados, blocked, blocking
    """,
    "nagging": """
        you are spamming, youre spamming, never signed up, did not sign up, didnt sign up, keep texting,
        keep messaging, keep sending, keeps texting, this is spam, as spam, its spam, dit is spam,
        das ist spam, c est du spam, esto es spam, harassment, acoso, blijven appen, blijf appen
    """,
}
