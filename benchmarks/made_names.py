"""Made-up people of thirteen naming customs: whether they are found whole, and their short names joined.

    python -m benchmarks.made_names

Each name is put into each text; `{full}` stands once, `{short}` wherever newspapers would go on with the short name of
that custom. No name is a known person's.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from benchmarks.names import MODEL, recognize
from transforms.entities.engine import EntityModel, load_model
from transforms.names import resolve_document

# Custom → full name / short name.
NAMES = {
    "English, initial": "Edmund R. Hallewell/Hallewell; Thelma J. Brackett/Brackett; Curtis L. Odom/Odom; "
    "Maureen K. Stapley/Stapley; Dwight P. Farrow/Farrow; Lorna B. Whitcombe/Whitcombe; Royce T. Amblin/Amblin; "
    "Judith M. Harkaway/Harkaway",
    "Dutch": "Joost van Wieringen/Van Wieringen; Marieke de Lange/De Lange; Pieter van der Laan/Van der Laan; "
    "Sanne van den Berge/Van den Berge; Bram ter Haar/Ter Haar; Lotte van Eck/Van Eck; Ruud de Bont/De Bont; "
    "Femke van Aalst/Van Aalst",
    "German": "Ulrike von der Heyde/von der Heyde; Götz von Rabenau/von Rabenau; Jörg Hinterleitner/Hinterleitner; "
    "Anneliese Strobel-Kurz/Strobel-Kurz; Klaus zu Wittgen/zu Wittgen; Heike Böttcher/Böttcher; "
    "Rüdiger von Traben/von Traben; Sabine Oberhuber/Oberhuber",
    "Spanish": "Ramón Ortega Villalba/Ortega Villalba; Lucía Paredes Montoya/Paredes Montoya; "
    "Andrés Felipe Quiroga Salas/Quiroga Salas; María Elena Bustos Rey/Bustos Rey; Joaquín Iriarte Peralta/Iriarte; "
    "Verónica Casas Luján/Casas; Tomás Aguirre Bello/Aguirre Bello; Inés Carrasco Duarte/Carrasco",
    "Portuguese": "João Batista da Rocha/da Rocha; Marina dos Anjos Lima/Lima; Caio de Andrade Prado/Prado; "
    "Beatriz do Vale/do Vale; Rui Pedro Alvim/Alvim; Thaís da Mata/da Mata; Luís Carlos de Sá/de Sá; "
    "Fernanda Couto Reis/Couto Reis",
    "Arabic": "Faisal bin Nasser/bin Nasser; Omar al-Darwish/al-Darwish; Hassan el-Tahawy/el-Tahawy; "
    "Abdul Karim al-Jabri/al-Jabri; Layla bint Hamad/bint Hamad; Yousef Abu Zayd/Abu Zayd; Samir al-Khouri/al-Khouri; "
    "Tariq bin Saqr/bin Saqr",
    "Chinese": "Qiao Weimin/Qiao; Deng Xuelian/Deng; Feng Zhaohui/Feng; Shen Guoqiang/Shen; Tao Lihua/Tao; "
    "Xue Jianbo/Xue; Luo Meiling/Luo; Peng Dehai/Peng",
    "Korean": "Seo Min-jae/Seo; Hwang Eun-bi/Hwang; Jeong Tae-sik/Jeong; Bae Soo-jin/Bae; Noh Hyun-woo/Noh; "
    "Kwon Ji-ah/Kwon; Shin Dong-ryul/Shin; Yoo Ga-eun/Yoo",
    "Vietnamese": "Nguyen Huu Khai/Khai; Tran Bich Lien/Lien; Pham Quoc Thang/Thang; Le Thi Hoai/Hoai; "
    "Vo Dinh Truc/Truc; Bui Xuan Phong/Phong; Dang Minh Chau/Chau; Hoang Van Loc/Loc",
    "Ethiopian": "Getachew Worku/Getachew; Tigist Alemayehu/Tigist; Dawit Mekonnen/Dawit; Selamawit Bekele/Selamawit; "
    "Yohannes Tadesse/Yohannes; Birtukan Assefa/Birtukan; Girma Hailu/Girma; Almaz Kebede/Almaz",
    "Nigerian": "Adewale Ogunbiyi/Ogunbiyi; Chinonso Eze/Eze; Musa Danladi Garba/Garba; Folake Adeyinka/Adeyinka; "
    "Obinna Nwachukwu/Nwachukwu; Hauwa Bello Sule/Sule; Tunde Akinsanya/Akinsanya; Ngozi Umeadi/Umeadi",
    "Indian": "K. S. Venkataraghavan/Venkataraghavan; Meenal Deshpandey/Deshpandey; Harjinder Singh Sohal/Sohal; "
    "P. Muthukrishnan/Muthukrishnan; Anindita Bhowmick/Bhowmick; Rajesh Kumar Tiwary/Tiwary; "
    "Zoya Rehmani/Rehmani; V. Lakshmikanthan/Lakshmikanthan",
    "Slavic": "Mykhailo Hrytsenchuk/Hrytsenchuk; Sergei Petrovich Lobanov/Lobanov; Zdeněk Hruškovec/Hruškovec; "
    "Agnieszka Wójtowska/Wójtowska; Oleg Baranchuk/Baranchuk; Milica Stojadinović/Stojadinović; "
    "Andrej Kovačevský/Kovačevský; Nadezhda Zorina/Zorina",
}
TEXTS = """
The minister, {full}, opened the plant on Monday. {short} said that 300 people would work there.

Critics of {short} say that the plant is too small. {short}’s office did not reply. “We have waited for years,” {short}
told reporters. Unions want {short} to visit the old works, too.
---
A court found {full} guilty of fraud on Tuesday.

Lawyers for {short} said they would appeal. {short} had denied the charges. Prosecutors said {short} took $2 million
from the fund. The judge gave {short} six years in prison, and {short} was led away.
---
Residents had long complained about the road. “It floods each spring,” said {full}, who runs a shop there. {short} has
asked the council for a drain since 2011.

The council promised one last year, but {short} doubts it. For {short}, time runs out: the shop loses money. {short},
52, may close it.
---
{full} won the race in a record time. It was the third title for {short} this year.

{short} led from the start. Rivals could not catch {short} on the hill, and {short} crossed the line alone. After the
race {short} thanked the fans. {short} will run again in May.
""".strip().split("---")


def measure(model: EntityModel) -> dict[str, Counter[str]]:
    """Custom → what was found: `full` and `whole`, `short`, `joined` and `another kind`."""
    found = {}
    for custom, row in NAMES.items():
        counts: Counter[str] = Counter()
        people = [tuple(person.split("/")) for person in row.split("; ")]
        cases = [(_write(text, full, short), full, short) for full, short in people for text in TEXTS]
        for (text, full, short), document in zip(cases, recognize([case[0] for case in cases], model), strict=True):
            _count(text, full, short, resolve_document(document), counts)
        found[custom] = counts
    return found


def _write(text: str, full: str, short: str) -> str:
    """A text about a person, with a line for each paragraph."""
    paragraphs = text.format(full=full, short=short).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _count(text: str, full: str, short: str, document: Any, counts: Counter[str]) -> None:
    spans = {(part.start_char, part.end_char): part for part in document.mentions}
    at = text.index(full)
    whole = spans.get((at, at + len(full)))
    counts["full"] += 1
    counts["whole"] += whole is not None and whole.label == "PERSON"
    start = text.find(short)
    while start >= 0:
        end = start + len(short)
        if not at <= start < at + len(full):
            counts["short"] += 1
            mention = spans.get((start, end))
            counts["joined"] += bool(whole and mention and mention.entity == whole.entity and whole.label == "PERSON")
            others = [part for part in document.mentions if part.start_char < end and start < part.end_char]
            counts["another kind"] += any(part.label != "PERSON" for part in others)
        start = text.find(short, end)


def print_made(model: EntityModel) -> None:
    """The table."""
    found = measure(model)
    total: Counter[str] = Counter()
    print("\n| custom | full name whole | short ones joined | short ones another kind |\n|---|---:|---:|---:|")
    for custom, counts in [*found.items(), ("all", total)]:
        total.update(counts if custom != "all" else {})
        joined, other = counts["joined"] / counts["short"], counts["another kind"] / counts["short"]
        print(f"| {custom} | {counts['whole'] / counts['full']:.3f} | {joined:.3f} | {other:.3f} |")


def main() -> None:
    """Print the table."""
    print_made(load_model(MODEL)[0])


if __name__ == "__main__":
    main()
