"""Courtesies: thanks, praise, wishes and the words around them, in English, Dutch, German, French and Spanish."""

# Folded when they are read: accents and apostrophes may be left out here.
COURTESIES = {
    "thanks": """
        thanks, thank you, thank u, thankyou, thank, thx, thnx, tnx, ty, tysm, tyvm, tks, cheers, appreciated,
        appreciate, appreciate it, much obliged, grateful, god bless, bless you, god bless you, bedankt, bedank,
        dank, dankjewel, dankuwel, dank je, dank u, dank je wel, dank u wel, hartelijk dank, danke, danke schon,
        dankeschon, vielen dank, besten dank, herzlichen dank, merci, mercis, merci beaucoup, je vous remercie,
        je te remercie, remercie, gracias, muchas gracias, mil gracias, muchisimas gracias, agradecido, agradecida,
        se agradece, te agradezco
    """,
    "praise": """
        great, great news, wow, thats great, that is great, thats perfect, that is perfect, wat goed, muy amable,
        perfect, awesome, super, superb, good job, great job, nice job, great work, good work, nice work, nice,
        excellent, wonderful, fantastic, amazing, brilliant, lovely, cool, beautiful, well done, love it,
        you guys rock, you are the best, youre the best, the best, sweet, yay, good stuff, nicely done, it works,
        it works now, that works, works now, works again, it works again, that fixed it, all fixed, all good,
        all good now, all set, all done, all is well, its fixed, it is fixed, solved, problem solved, geweldig, top,
        prima, fijn, mooi, uitstekend, helemaal goed, toppie, topper, fantastisch, wat fijn, heel fijn, heel goed,
        looks great, looks good, looks nice, looks perfect, looks amazing, looks awesome, looks fantastic,
        looks wonderful, looks beautiful, looks excellent, ziet er goed uit, ziet er mooi uit, ziet er prima uit,
        ziet er fantastisch uit, ziet er geweldig uit, sieht gut aus, sieht super aus, sieht toll aus, se ve bien,
        se ve muy bien, se ve genial, quedo muy bien,
        keurig, goed gedaan, het werkt, het werkt weer, het werkt nu, is gelukt, gelukt, opgelost, netjes, perfekt,
        wunderbar, klasse, spitze, ausgezeichnet, sehr gut, gute arbeit, es funktioniert, es funktioniert wieder,
        alles bestens, hat geklappt, parfait, genial, formidable, tres bien, magnifique, bon travail, ca marche,
        ca fonctionne, tout est bon, impeccable, nickel, bravo, perfecto, excelente, estupendo, maravilloso,
        buen trabajo, muy bien, ya funciona, todo bien, fenomenal, que bien, buenisimo
    """,
    "heard": """
        ok, okay, oke, okey, okido, okidoki, k, kk, got it, gotcha, will do, noted, received, understood, roger,
        sounds good, sounds great, fair enough, sure, sure thing, no problem, no problems, no worries, no prob, np,
        youre welcome, you are welcome, welcome, anytime, my pleasure, not a problem, you too, same to you,
        likewise, yes, yep, yup, yeah, ya, fine, good, alright, all right, right, see you, see you then, see ya,
        see you soon, talk soon, take care, i see, good to know, makes sense, is goed, dat is goed, komt goed,
        begrepen, ontvangen, duidelijk, helder, in orde, akkoord, graag gedaan, geen probleem, geen dank, jij ook,
        u ook, jullie ook, insgelijks, tot dan, tot ziens, tot straks, ja, goed, alles klar, geht klar, in ordnung,
        verstanden, gern geschehen, gerne, bitte, kein problem, keine ursache, ebenso, ihnen auch, dir auch,
        bis dann, gleichfalls, gut, nichts zu danken, d accord, daccord, entendu, bien recu, compris, de rien,
        pas de probleme, je vous en prie, vous aussi, toi aussi, pareillement, avec plaisir, oui, a bientot, bien,
        de acuerdo, vale, entendido, recibido, de nada, no hay de que, sin problema, no hay problema, igualmente,
        a ti, a usted, con gusto, si, claro, bueno, hasta luego, nos vemos
    """,
    # What stands behind these is what is wished.
    "wish": """
        have a great, have a good, have a nice, have a wonderful, have a lovely, have a blessed, have an awesome,
        have an amazing, have a fantastic, have a safe, have a happy, enjoy your, enjoy the, happy, merry, fijne,
        fijn, goede, prettige, prettig, schonen, schones, schone, frohe, frohes, guten, gutes, bonne, bon, joyeux,
        joyeuses, feliz, felices, buen, buenas, que tenga un buen, que tengas un buen, que tenga un, que tengan un
    """,
    "regards": """
        best regards, kind regards, warm regards, regards, best wishes, all the best, sincerely, yours, best,
        cheers, groet, groeten, groetjes, met vriendelijke groet, met vriendelijke groeten, vriendelijke groet,
        hartelijke groet, mvg, gr, grusse, viele grusse, liebe grusse, mit freundlichen grussen, mfg, lg, vg,
        freundliche grusse, cordialement, bien cordialement, bien a vous, saludos, un saludo, saludos cordiales,
        atentamente, un abrazo
    """,
    "around": """
        you, u, so, very, much, again, a lot, lots, a bunch, a ton, a million, many, all, everyone, everybody, both,
        guys, team, folks, man, sir, madam, maam, mr, mrs, ms, dear, hi, hello, hey, the, this, that, it, is, was,
        and, for, to, your, our, my, we, i, really, truly, just, too, as well, indeed, of course, now, then, on,
        with, for letting me know, for letting us know, for the update, for the info, for the information,
        for coming, for coming out, for coming by, for coming so fast, for coming so quickly, for calling,
        for calling back, for getting back to me, for checking, for checking in, for your patience, for your time,
        for taking care, of it, for taking care of this, for being so kind, for everything, for all,
        for the heads up, help, work, job, response, reply, service, answer, support, quick, fast, prompt, friendly,
        kind, great, good, hard, new, roof, day, weekend, evening, one, night, today, holiday, holidays,
        thanksgiving, christmas, easter, new year, new years, halloween, birthday, fourth, memorial day, labor day,
        in advance, be, do, am, are, been, je, jullie, wel, heel, erg, hartelijk, alvast, voor, de, het, een, hulp,
        snelle, reactie, antwoord, werk, dag, avond, he, hoor, ook, en, dat, nogmaals, namens, hallo, hoi, beste,
        informatie, uw, jouw, met, alles, goede, feestdagen, kerst, kerstdagen, jaarwisseling, nieuwjaar, zo, super,
        weer, allemaal, vakantie, voor alles, voor de snelle reactie, voor het snelle antwoord, voor je hulp,
        voor uw hulp, gelukkig, dir, ihnen, euch, fur, die, das, der, den, schnelle, antwort, hilfe, ihre, deine,
        tag, abend, wochenende, sehr, liebe, nochmals, noch, auch, und, im, voraus, weihnachten, ostern, arbeit,
        feiertage, einen, pour, votre, vos, ton, ta, aide, reponse, rapide, journee, soiree, week, end, fetes, noel,
        beaucoup, vous, toi, bonjour, encore, et, tout, toute, le, la, les, l, equipe, travail, a, infiniment,
        mille, bien, por, su, tu, ayuda, respuesta, rapida, dia, tarde, noche, noches, fin, semana, todo, todos, el,
        los, muy, amable, hola, y, que, servicio, trabajo, navidad, ano, nuevo, usted, ustedes, tengan, tenga, con,
        un, una, muchas, muchos, dias
    """,
    # Said of what went wrong, in kind words.
    "sour": """
        so much for, for nothing, for wasting, no thanks, no thank you, not, no thanks to you, lekker dan,
        voor niks, voor niets, fur nichts, pour rien, por nada, thanks a lot for, yeah right, great job leaving
    """,
}
