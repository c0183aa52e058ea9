"""Words of newspaper English that stand beside names or only look like them. Case matters."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HONORIFICS = _words(
    "Mr Mrs Ms Miss Mx Dr Prof Sir Dame Lady Lord Madam Madame Rev Reverend Hon Rt Fr Sr St. Engr Barr Alhaji"
    " Alhaja Hajia Malam Mallam Shri Smt Sri Shrimati Datuk Datin Dato Tan Tun Haji Ustad Maulana Mufti Sheikh"
    " Sheik Imam Mullah Ayatollah Rabbi Pastor Bishop Archbishop Cardinal Prophet Apostle Evangelist Swami Comrade"
    " Cde Chief Justice Judge Magistrate Advocate Adv Barrister Engineer Professor Doctor"
)
RANKS = _words(
    "President Vice-President Premier Minister Secretary Chancellor Senator Sen Sens Rep Reps Congressman"
    " Congresswoman Representative Governor Gov Mayor Ambassador Commissioner General Gen Colonel Col Major Maj"
    " Lieutenant Lt Captain Capt Sergeant Sgt Cpl Corporal Admiral Adm Brigadier Brig Commander Cmdr Marshal"
    " Superintendent Supt Inspector Insp Constable Detective Det Officer Sheriff Attorney Solicitor Chairman"
    " Chairwoman Chairperson Chair CEO CFO Director Coach Skipper Speaker Leader Spokesman Spokeswoman"
    " Spokesperson Councillor Councilman Councilwoman Candidate Dictator Economist Analyst Editor Reporter"
    " Correspondent Lawyer PM MP MEP MLA IGP Ex-President Prince Princess Queen King Pope Emperor Sultan Emir"
    " Actor Actress Singer Rapper Activist Striker Midfielder Defender Goalkeeper Author Photographer"
)
LEADING = _words(
    "Vice Deputy Prime First Foreign Defence Defense Finance Interior Home Health Education Press Senior Special"
    " Assistant Executive Managing Acting Interim Former Opposition Majority Minority Joint Principal Crown"
    " Supreme Chief State Sports Tourism Trade Transport Labour Labor Agriculture Energy Information Justice"
    " Co-founder Founder Manager Officials Attorney-General Inspector-General Director-General Permanent Whip"
    " Nominee Host Ex ex-president ex-President"
)
"""Words that go before a rank. A title is any run of these, ranks, honorifics and nationalities that ends in a rank."""

TITLES = HONORIFICS | RANKS
LOWER_TITLES = _words(
    "president minister senator governor mayor ambassador chairman chairwoman director coach manager captain"
    " analyst economist professor journalist activist lawyer founder co-founder actor actress singer spokesman"
    " spokeswoman spokesperson striker midfielder defender goalkeeper author chief leader secretary judge editor"
)
PARTICLES = _words(
    "de del della di da dos do das du van von der den ter ten bin bint ibn al el le la ben abu af zu e y am"
)
PARTICLE_PREFIXES = ("al-", "el-", "ul-", "as-", "ash-", "an-", "ar-", "at-", "ad-", "d'", "d’", "bin-")

SPEECH = _words(
    "said says told added tweeted wrote explained argued insisted recalled noted claimed stated replied admitted"
)
"""Right after two or three capitalised words, these make them a person."""

DAYS = _words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays"
    " Saturdays Sundays January February March April May June July August September October November December Mon"
    " Tue Tues Wed Thu Thurs Fri Sat Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Christmas Easter Ramadan"
    " Diwali Eid"
)
FUNCTION = _words(
    "I The A An And But Or If In On At By For From To Of With Without As It Its He She They We You This That"
    " These Those There Here When Where Who What Why How Which While After Before Since Until During Under Over"
    " Not No Yes So Yet Now Then Also All Both Each Many Most Some Such Our Your Their My His Her Is Are Was Were"
    " Be Been Has Have Had Do Does Did Will Would Can Could Might Must Should Let Just Only Even Still However"
    " Although Though Despite Because Meanwhile Instead Moreover Furthermore Additionally According Reuse Later"
    " Last Next Second Third One Two Three Four Five Six Seven Eight Nine Ten Another Other Others Several Few"
    " More Less Than Everyone Nobody Nothing Something Among Within Between Through Like Near Across Around"
    " Against About Inside Outside Hours Days Asked Speaking Following Unlike Perhaps Maybe Sometimes Once Today"
    " Yesterday Tomorrow Tonight"
)
PAGE = _words(
    "Exit Photo Photos Image Images Video Videos Read Click Share Follow Subscribe Advertisement ADVERTISEMENT"
    " Updated UPDATE BREAKING Breaking Exclusive EXCLUSIVE FILE File Caption caption Source Credit Copyright CLOSE"
    " WATCH Watch Replay Loading Menu Search Login Home Contact"
)
NOT_NAMES = (
    FUNCTION
    | PAGE
    | TITLES
    | LEADING
    | _words(
        "God Internet Brexit Covid COVID-19 Covid-19 Coronavirus HIV AIDS AI TV DVD PDF Q A.M. P.M. AM PM GMT EST"
        " UTC PhD BSc MA MBA GDP IPO FAQ ID GPS LED Bible Quran Koran Islam Christianity Hinduism Judaism Buddhism"
        " Republican Republicans Democrat Democrats Muslim Muslims Christian Christians Jew Jews Jewish Hindu"
        " Hindus Sikh Sunni Shia Shiite Catholic Catholics Islamic Islamist Islamists Western Arab Arabs Kurdish"
        " Kurds African Africans European Europeans Asian Asians Latino Latinos Hispanic Nazi Nazis Marxist"
        " Communist Communists Conservative Conservatives Liberal Liberals Tory Tories LGBT LGBTQ English Arabic"
        " Mandarin Hindi Urdu Corp Inc Ltd Rs Bitcoin MW GW kWh km sq"
    )
)
"""Single words that are no person, organisation or place when they stand alone."""

BODIES = _words(
    "Ministry Department University College Institute Institution Bank Party Court Police Army Navy Force Forces"
    " Council Committee Commission Agency Authority Association Federation Confederation Union Club Corporation"
    " Corp Inc Ltd Limited PLC Plc LLC Company Group Holdings Airlines Airways Foundation Society Trust Board"
    " Bureau Office Senate Parliament Congress Assembly Organisation Organization Movement Tribunal Directorate"
    " Alliance Coalition Brigade Secretariat Chamber Academy School Hospital Centre Center Church League"
    " Institutes FC AFC CF Treasury House Media News Times Post"
)
"""Nouns that end an organisation's name, or begin it before "of" and "for"."""

STRONG_BODIES = BODIES - _words(
    "House Office Center Centre Board Church School Hospital League Trust Times Post Media News Force"
)
FACILITIES = _words(
    "Airport Street Road Avenue Bridge Stadium Square Highway Palace Tower Towers Prison Park Station Hotel"
    " Mosque Cathedral Temple Arena Camp Building Plaza Port Dam Boulevard Lane Drive Motorway Expressway Tunnel"
    " Museum Shrine Theatre Hall Garden Gardens Crossing Terminal Basilica Synagogue Castle Fort Cemetery"
    " Consulate Embassy Mall Jail Barracks"
)
LANDFORMS = _words(
    "River Lake Sea Ocean Mountains Mountain Island Islands Province State County District Region Valley Desert"
    " Peninsula Bay Gulf Strait Village City Town Coast Territory Prefecture Governorate Oblast Canyon Basin Falls"
    " Glacier Forest Delta Heights Hills Hill Beach Cape Creek Reef Township Municipality"
)
EVENTS = _words(
    "Cup Finals Final Championship Championships Games Olympics Open Prix Prize Award Awards Act Bill Plan Treaty"
    " Agreement Accord Protocol Constitution Amendment War Festival Summit Day Week Olympic Marathon Series Tour"
    " Program Programme Initiative Scheme Average Composite Project Pact Deal Convention Covenant Declaration Code Law"
    " Revolution Uprising Spring Index Report"
)
"""Last words of names of events, laws and works, which are no organisations."""

COMPETITIONS = _words("Cup Finals Championship Championships Games Olympics Prix Prize Awards Olympiad")
"""Those that end no person's or place's name either."""
