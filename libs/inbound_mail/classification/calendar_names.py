"""Months and days of the week as people write them, in the languages of automatic answers."""

_MONTHS = (
    "january jan januari januar janvier janv enero ene gennaio gen janeiro",
    "february feb februari februar février fevrier févr fév febrero febbraio fevereiro fev",
    "march mar maart mrt märz maerz mrz mars marzo março marco marts",
    "april apr avril avr abril abr aprile",
    "may mei mai mayo maggio mag maio maj",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug augustus août aout agosto ago augusti",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro desember",
)
_DAYS = (
    "monday maandag montag lundi lunes lunedì lunedi segunda-feira segunda mandag måndag",
    "tuesday dinsdag dienstag mardi martes martedì martedi terça-feira terça tirsdag tisdag",
    "wednesday woensdag mittwoch mercredi miércoles miercoles mercoledì mercoledi quarta-feira quarta onsdag",
    "thursday donderdag donnerstag jeudi jueves giovedì giovedi quinta-feira quinta torsdag",
    "friday vrijdag freitag vendredi viernes venerdì venerdi sexta-feira sexta fredag",
    "saturday zaterdag samstag sonnabend samedi sábado sabado sabato lørdag lördag",
    "sunday zondag sonntag dimanche domingo domenica søndag söndag",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
DAYS = {name: number for number, names in enumerate(_DAYS) for name in names.split()}
