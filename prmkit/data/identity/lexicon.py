"""Word lists for names: legal forms, public mail services, and what stands for a customer that is nobody."""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


FORMS = _listed(
    """gmbh mbh ggmbh ug ag kg kgaa ohg gbr ev eg cokg gmbhcokg ltd limited plc llp lp llc inc incorporated corp corporation co company
    pte pty pvt bhd sdn sa sas sasu sarl eurl snc scs sca srl sro spa sapa sl slu sc bv nv vof cv bvba sprl srlu ab hb kb oy oyj ky as
    asa aps is ans da ks kft zrt nyrt bt rt doo dd ad ood eood sia uab ou zoo spzoo spolka spj sro vos kk gk yk kabushiki
    kaisha godo jsc ojsc pjsc ooo oao zao pao tov too se eeig lda ltda eireli me epp sab cv sapi de rl ltee inc gesmbh"""
)
"""Legal forms, as they stand in a name without punctuation."""
SPELT_OUT = {
    "gesellschaft mit beschrankter haftung": "gmbh",
    "aktiengesellschaft": "ag",
    "public limited company": "plc",
    "limited liability company": "llc",
    "societe anonyme": "sa",
    "sociedad anonima": "sa",
    "sociedad limitada": "sl",
    "societa per azioni": "spa",
    "besloten vennootschap": "bv",
    "naamloze vennootschap": "nv",
    "aktiebolag": "ab",
    "aktiebolaget": "ab",
    "osakeyhtio": "oy",
    "aktieselskab": "as",
    "aksjeselskap": "as",
    "anpartsselskab": "aps",
    "sp z oo": "spzoo",
}
"""Legal forms written out, and their short form."""
PUBLIC_MAIL = _listed(
    """gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de
    yahoo.co.jp ymail.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de mail.com
    mail.ru yandex.ru yandex.com qq.com 163.com 126.com orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it
    alice.it btinternet.com sky.com comcast.net verizon.net att.net telefonica.net terra.com.br uol.com.br bol.com.br bluewin.ch
    ziggo.nl kpnmail.nl planet.nl telenet.be skynet.be online.no telia.com wp.pl onet.pl o2.pl interia.pl seznam.cz proton.me
    protonmail.com naver.com daum.net hanmail.net rediffmail.com mail.example example.com"""
)
"""Domains of public mail services: they say nothing of who somebody works for."""
# Every word of a placeholder is one of these two lists or a number, and one at least is of the first.
NOBODY = _listed(
    """stock stocks inventory lager lagerware lagerbestand bestand magazin magazzino scorta scorte existencias almacen voorraad estoque
    estoc varasto magazyn zapas sklad raktar stok lagerhold
    cash barverkauf barkunde laufkundschaft laufkunde comptant contado contante contanti kontant kontantsalg kontantkund
    walkin thekenverkauf
    unknown unbekannt inconnu inconnue desconocido desconocida sconosciuto sconosciuta onbekend desconhecido desconhecida okand ukendt
    ukjent tuntematon nieznany neznamy ismeretlen bilinmeyen unidentified unspecified undisclosed unassigned
    various diverse divers diverses varios varias vari varie diversen diversos diversas diverser rozne miscellaneous misc sundry
    test testing dummy tester testkunde testkund testklant demo
    internal intern interne interno interna eigenbedarf eigenverbrauch nfr
    none null nil na tbd tba xxx xxxx cpd onetime einmalkunde anonymous anonym anonyme anonimo"""
)
"""Words that mean nobody."""
BESIDE = _listed(
    """sale sales order orders customer customers client clients cliente clienti clientes kunde kunden kund klant kunder account accounts
    end user users use usage own the a of for in and company name purchase purchases only general stock-order verkauf vente ventes
    venta ventas vendita vendite venda vendas verkoop bestellung auftrag commande pedido ordine ordre zamowienie final finale
    endkunde eindklant endkund verwendung usage eigen eigene propio proprio propre uso al para pour fur per van de del der die das le la
    les el lo conto pro not available applicable given provided disclosed time one buyer acheteur comprador koper kaufer entity
    replenishment rotation transfer hold holding warehouse wh"""
)
"""Words that stand beside them."""
PHRASES = frozenset(
    (
        "n/a", "n.a.", "not applicable", "not available", "not provided", "not disclosed", "no name", "no customer", "walk-in",
        "walk in customer", "walk in", "end user", "end customer", "endkunde", "client final", "cliente final", "cliente finale",
        "to be determined", "to be defined", "to be advised", "k.a.", "keine angabe", "non renseigné", "non communiqué", "sin nombre",
        "sin especificar", "vente au comptoir", "vente comptoir", "s/n", "ej angiven", "ei tiedossa", "same as reseller", "ship to self",
        "conto pro diverse", "one time customer", "one-time",
    )
)  # fmt: skip
"""Whole names that mean nobody, as written."""
