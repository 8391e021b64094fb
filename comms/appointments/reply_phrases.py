"""Phrases of replies to a reminder by meaning, in English, Dutch, German, French and Spanish."""

# What the days of a week are called, from Monday on, and the day after today.
WEEKDAYS = (
    "monday mon maandag montag lundi lunes",
    "tuesday tue tues dinsdag dienstag mardi martes",
    "wednesday wed woensdag mittwoch mercredi miercoles",
    "thursday thu thurs donderdag donnerstag jeudi jueves",
    "friday fri vrijdag freitag vendredi viernes",
    "saturday sat zaterdag samstag samedi sabado",
    "sunday sun zondag sonntag dimanche domingo",
)
TOMORROW = "tomorrow morgen demain manana"

# Read before the courtesies (comms/language/courtesies.py), which may stand around them.
REPLIES = {
    "confirm": """
        c, y, yes, yes please, yep, yup, yeah, yea, ya, yess, ok, okay, okey, oke, k, kk, okido, okidoki, sure,
        sure thing, absolutely, definitely, certainly, of course, you bet, confirm, confirmed, confirming,
        i confirm, we confirm, agreed, correct, right, alright, all right, good, fine, great, perfect, excellent,
        awesome, wonderful, super, cool, lovely, will do, got it, gotcha, roger, understood, sounds good,
        sounds great, sounds perfect, sounds fine, works for me, works for us, that works, that works for me,
        that works for us, this works, it works, works, all good, all set, thats fine, that is fine, thats good,
        that is good, thats perfect, that is perfect, thats great, im good, no problem, i can make it,
        we can make it, can make it, ill be there, i will be there, well be there, we will be there, will be there,
        be there, ill be home, i will be home, well be home, we will be home, will be home, ill be here,
        i will be here, well be here, we will be here, see you then, see you there, see you, see ya, cu,
        looking forward, looking forward to it, looking forward to seeing you, expecting you, yes maam, yes sir,
        ja graag, ja bitte, that time works, good to go, with me, fine with me, j, ja, jawel, jazeker, zeker,
        akkoord, bevestigd, bevestig, ik bevestig, is goed, dat is goed, prima, top, helemaal goed, goed, klopt,
        in orde, komt goed, komt in orde, dat komt uit, komt uit, past, dat past, tot dan, tot, bis, tot ziens,
        tot straks,
        ik ben er, wij zijn er, we zijn er, wij zijn thuis, ik ben thuis, we zijn thuis, ik zal er zijn, uitstekend,
        helder, duidelijk, begrepen, afgesproken, jawohl, passt, das passt, passt mir, bestatigt, bestatige,
        ich bestatige, in ordnung, alles klar, geht klar, einverstanden, gerne, gern, bis dann, gut, sehr gut,
        perfekt, abgemacht, ich bin da, wir sind da, genau, naturlich, selbstverstandlich, oui, d accord, daccord,
        entendu, parfait, ca marche, ca me va, c est bon, cest bon, je confirme, confirme, nous confirmons,
        tres bien, bien sur, a bientot, je serai la, nous serons la, ca convient, bien recu, si, claro,
        claro que si, por supuesto, vale, de acuerdo, confirmo, confirmado, confirmamos, confirmada, perfecto,
        esta bien, muy bien, bueno, ahi estare, alli estare, alla estare, ahi estaremos, aqui estare, nos vemos,
        los espero, los esperamos, le espero, correcto, excelente, estupendo, listo, entendido, me sirve
    """,
    # A request for another time, whatever else is said.
    "move": """
        r, v, move, reschedule, to reschedule, rescheduling, postpone, rebook, another time, another day,
        another date, another moment, another slot, another appointment, a different time, different time,
        different day, different date, other time, other day, other date, some other time, new time, new date,
        new appointment, move it, move this, move my appointment, move the appointment, move our appointment,
        change it, change the time, change the date, change the day, change my appointment, change the appointment,
        change our appointment, change the visit, push it back, push back, push it, switch it, switch days, cancel,
        cancel it, to cancel, do it later, do later, come later, come earlier, a later time, an earlier time,
        later time, earlier time, later date, earlier date, do it another, rain check, raincheck, verzetten, verzet,
        verplaatsen, verplaats, uitstellen, verschuiven, afspraak wijzigen, annuleren, afzeggen, andere dag,
        andere tijd, ander moment, andere keer, andere datum, andere afspraak, een andere, nieuwe afspraak,
        nieuwe tijd, nieuwe datum, later die dag, een dag later, verschieben, verlegen, anderen termin,
        anderer termin, anderer tag, anderen tag, andere zeit, andere uhrzeit, andermal, ein anderes mal,
        neuen termin, neuer termin, absagen, umbuchen, spater kommen, reporter, deplacer, decaler, changer, annuler,
        autre jour, autre moment, autre date, autre heure, autre rendez vous, autre rdv, une autre fois,
        nouveau rendez vous, reprogramar, reagendar, cambiar, cambiarlo, cambiarla, cambiar la cita, mover la cita,
        moverla, aplazar, posponer, cancelar, otro dia, otra hora, otra fecha, otro momento, otra cita,
        otro horario, nueva fecha, nueva hora
    """,
    # They cannot come: a request for another time, unless it is asked about.
    "cannot": """
        cant make it, cannot make it, can not make it, cant make that, cant make, cannot make, wont make it,
        wont be able to make it, unable to make it, not able to make it, wont be home, will not be home,
        wont be there, will not be there, cant be there, cannot be there, cant be home, cannot be home, not be home,
        not be there, not available, were not available, we are not available, unavailable, does not work,
        doesnt work, wont work, will not work, not going to work, isnt going to work, isnt good, not good for me,
        not good for us, i cant, i cannot, we cant, we cannot, cant do, cannot do, cant come, cannot come,
        im not home, i am not home, have a conflict, conflict, something came up, got called in, ik kan niet,
        ik kan dan niet, ik kan die dag niet, kan niet, kan dan niet, lukt niet, lukt mij niet, lukt me niet,
        gaat niet lukken, gaat niet, komt niet uit, komt mij niet uit, past niet, ben er niet, ik ben er niet,
        wij zijn er niet, we zijn er niet, zijn er niet, ik ben niet thuis, wij zijn niet thuis, we zijn niet thuis,
        niet thuis, verhinderd, niet beschikbaar, ich kann nicht, ich kann leider nicht, da kann ich nicht,
        da kann ich leider nicht, kann ich nicht, kann ich leider nicht, kann nicht, kann leider nicht, passt nicht,
        passt mir nicht, passt mir leider nicht, passt leider nicht, geht nicht, geht leider nicht, bin nicht da,
        nicht zu hause, verhindert, keine zeit, je ne peux pas, ne peux pas, peux pas, je ne pourrai pas,
        ne pourrai pas, nous ne pouvons pas, pas disponible, ne me convient pas, ne convient pas,
        je ne serai pas la, empeche, no puedo, no podre, no podemos, no podremos, no voy a poder, no me viene bien,
        no me va bien, no estare, no estaremos, no voy a estar, no me funciona, no me queda bien
    """,
    "ask": """
        can we, could we, may we, can i, could i, may i, can you, could you, would you, is it possible, possible to,
        would it be possible, possible, need, i need, we need, id like, i would like, want, i want, please, pls,
        have to, i have to, must, lets, prefer, i prefer, rather, would prefer, able to, am i able to, kan ik,
        kunnen we, kunnen wij, kan het, kan dit, kan de, kunt u, kun je, mag ik, mag het, graag, wil, ik wil,
        ik wil graag, moet, ik moet, is het mogelijk, mogelijk, zou, kan, kan ook, liever, aub, svp, konnen wir,
        kann ich, konnten wir, konnte ich, konnen sie, konnten sie, kann man, ist es moglich, moglich, bitte,
        ich mochte, ich muss, ich brauche, wir mussen, ich wurde, pouvons nous, peut on, puis je, pourrions nous,
        pouvez vous, pourriez vous, est il possible, j aimerais, je voudrais, je dois, il faut, est ce possible,
        je prefere, puedo, podemos, podria, podriamos, puede, pueden, podrian, se puede, es posible, necesito,
        quiero, quisiera, me gustaria, tengo que, prefiero, por favor
    """,
    # Before a request they take it back: "no need to reschedule".
    "not": """
        no need, no need to, not need, not necessary, no necesito, no hace falta, no es necesario, dont, do not,
        please dont, doesnt, does not, didnt, did not, not, never, no longer, without, wont, will not, wasnt,
        instead of, niet, geen, nooit, hoeft niet, hoef niet, zonder, nicht, kein, keine, keinen, ohne, nie, pas,
        pas besoin, pas besoin de, ne, sans, jamais, no, nunca, sin, rather not
    """,
    # Another day, where one of these stands before it: "can we do Thursday", "how about tomorrow".
    "propose": """
        can we do, could we do, can you do, could you do, how about, what about, can we make it, could we make it,
        can you come, could you come, can we do it, could we do it, can we have it, make it, kan het, kunt u,
        kun je, kunnen we, wat dacht je van, konnen wir, konnen sie, wie ware es, geht es, ginge es, pouvons nous,
        pouvez vous, peut on, podemos, puede ser, que tal, puede venir, pueden venir
    """,
    "day": """
        monday, tuesday, wednesday, thursday, friday, saturday, sunday, mon, tue, wed, thu, fri, sat, sun, tomorrow,
        tues, thurs,
        next week, next month, the week after, the day after, maandag, dinsdag, woensdag, donderdag, vrijdag,
        zaterdag, zondag, morgen, overmorgen, volgende week, montag, dienstag, mittwoch, donnerstag, freitag,
        samstag, sonntag, ubermorgen, nachste woche, nachster woche, lundi, mardi, mercredi, jeudi, vendredi,
        samedi, dimanche, demain, la semaine prochaine, semaine prochaine, lunes, martes, miercoles, jueves,
        viernes, sabado, domingo, manana, la proxima semana, proxima semana
    """,
    "no": "nope, nah, nee, nein, non",
    # A question about it, or about whether: for a person.
    "about": """
        if, only if, als, wenn, falls, si vous, why, who, whose, what, when, where, how, which, did, do i, do we,
        does, do you, is there, are you, are we, was, were, have you, has, had, should, should i, should we,
        will you, will it, shall, what if, waarom, wie, wat, wanneer, waar, hoe, welke, moet ik, hoef ik, heeft,
        hebben jullie, bent, komt u, komen jullie, wat als, warum, wer, was ist, wann, wo, wie viel, wie lange,
        welche, muss ich, haben sie, kommen sie, was wenn, pourquoi, qui, quoi, quand, ou, comment, combien, quel,
        quelle, dois je, avez vous, por que, quien, cuando, donde, como, cuanto, cual, tengo que cambiar, a que hora
    """,
    # There is more to it.
    "but": """
        but, however, except, unless, as long as, although, though, because, maybe, perhaps, probably, might,
        not sure, i think, think so, hopefully, again, twice, already, maar, behalve, tenzij, mits, misschien,
        waarschijnlijk, denk, ik denk, aber, ausser, vielleicht, wahrscheinlich, glaube, mais, sauf, peut etre,
        probablement, pero, excepto, salvo, quizas, tal vez, a lo mejor
    """,
}
