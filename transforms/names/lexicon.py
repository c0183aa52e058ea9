"""Words of newspaper English that stand beside names or only look like them. Case matters."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HONORIFICS = _words(
    "Mr Mrs Ms Miss Mx Dr Prof Sir Dame Lady Lord Madam Madame Rev Reverend Hon Rt Fr Sr St. Engr Alhaji"
    " Alhaja Hajia Malam Mallam Shri Smt Sri Shrimati Datuk Datin Dato Tan Tun Haji Ustad Maulana Mufti Sheikh"
    " Sheik Imam Mullah Ayatollah Rabbi Pastor Bishop Archbishop Cardinal Prophet Apostle Evangelist Swami Comrade"
    " Cde Chief Justice Judge Magistrate Advocate Adv Barrister Engineer Professor Doctor Auntie Aunt Uncle Highness"
    " Eng HH HRH HE Ustaz Monsignor Msgr Ven Seri Tuan Puan Maulvi"
)
RANKS = _words(
    "President Vice-President Premier Minister Secretary Chancellor Senator Sen Sens Rep Reps Congressman"
    " Congresswoman Representative Governor Gov Mayor Ambassador Commissioner General Gen Colonel Col Major Maj"
    " Lieutenant Lt Captain Capt Sergeant Sgt Cpl Corporal Admiral Adm Brigadier Brig Commander Cmdr Marshal"
    " Superintendent Supt Inspector Insp Constable Detective Det Officer Sheriff Attorney Solicitor Chairman"
    " Chairwoman Chairperson Chair CEO CFO Director Coach Skipper Speaker Leader Spokesman Spokeswoman"
    " Spokesperson Councillor Councilor Councilman Councilwoman Candidate Dictator Economist Analyst Editor Reporter"
    " Correspondent Lawyer PM MP MEP MLA IGP Ex-President Prince Princess Queen King Pope Emperor Sultan Emir"
    " Comptroller Assemblyman MPs DG CM Cap Magistrates"
    " Amir Pol Lt-Gen Lt-General Maj-Gen Major-General Lieutenant-General Lt-Col MK Undersecretary Minster Provost Dean"
    " Justices Judges Senators Governors Presidents Ministers Mayors Ambassadors Congressmen Comptroller"
    " Assemblyman MPs Amb Ambs Sec Secs Atty"
    " Actor Actress Singer Rapper Activist Striker Midfielder Defender Goalkeeper Author Photographer"
)
LEADING = _words(
    "Vice Deputy Prime First Foreign Defence Defense Finance Interior Home Health Education Press Senior Special"
    " Assistant Executive Managing Acting Interim Former Opposition Majority Minority Joint Principal Crown"
    " Supreme Chief State Sports Tourism Trade Transport Labour Labor Agriculture Energy Information Justice"
    " Co-founder Founder Manager Officials Attorney-General Inspector-General Director-General Permanent Whip"
    " Nominee Host Editor-in-Chief Commander-in-Chief Ex ex-president ex-President Opposition Surgeon District"
)
"""Words that go before a rank. A title is any run of these, ranks, honorifics and nationalities that ends in a rank."""

POSTS = _words(
    "Specialist Investigator Assistant Adviser Advisor Consultant Engineer Technician Technologist Clerk Delegate"
    " Member Members Coordinator Organizer Strategist Scientist Researcher Fellow Manager Supervisor Administrator"
    " Surgeon Magistrate"
)
"""Last words of what somebody is, which is no name."""

TITLES = HONORIFICS | RANKS
FORMS_OF_ADDRESS = _words(
    "Mr Mrs Ms Miss Dr Prof Sen Sens Rep Reps Gov Gen Lt Col Maj Capt Sgt Cpl Adm Brig Rev Sheikh Imam Ayatollah Datuk"
    " Alhaji Chief Lt-Gen Maj-Gen Shri Smt Sri Hon Engr Sir Supt Insp Det Pol Amb Ambs Sec Secs"
)
"""Those that stand before people only."""

AMOUNTS = _words("two three four five six seven eight nine ten eleven twelve several")
UNITS = _words("years year months weeks days percent million billion")

LOWER_TITLES = _words(
    "president minister senator governor mayor ambassador chairman chairwoman director coach manager captain"
    " analyst economist professor journalist activist lawyer founder co-founder actor actress singer spokesman"
    " spokeswoman spokesperson striker midfielder defender goalkeeper author chief leader secretary judge editor"
)
PARTICLES = _words(
    "de del della di da dos do das du van von der den ter ten bin binti bint ibn al el le la las los ben abu af zu zur"
    " zum vom e y am av op het te dal dalla delle degli du dem"
)
PARTICLE_PREFIXES = ("al-", "el-", "ul-", "as-", "ash-", "an-", "ar-", "at-", "ad-", "d'", "d’", "bin-")

HONOURS = _words("AM AO AC OBE MBE CBE KBE DBE QC KC SC MP MLA MD PhD SWT CFA RN Esq MEP")
"""What stands behind a person's name and is no part of it."""

GENERATIONS = _words("Jr Sr II III IV")
FAMILY_FIRST = _words(
    "Ai An Bae Baek Bai Ban Bo Bui Cai Cao Cha Chen Cheng Chiang Cho Choe Choi Chow Chu Cui Dai Dang Deng Ding Do Doan"
    " Dong Du Duong Fan Fang Feng Fu Gao Geng Gong Gu Guan Guo Ha Han Hao He Ho Hoang Hong Hou Hu Hua Huang Huynh Hwang"
    " Jang Jeon Jeong Ji Jia Jiang Jin Jo Joo Jung Kang Kim Kong Koo Kwon Lai Lam Lau Le Lee Lei Leung Li Liang Liao"
    " Lim Lin Liu Long Lu Luo Luong Lv Ma Mao Meng Min Moon Nam Ng Ngo Nguyen Nguyễn Ni Nie Noh Oh Pan Pang Park Peng"
    " Pham Phạm Phan Phung Qi Qian Qiao Qin Qiu Rao Ren Rhee Ri Roh Ryu Seo Shao Shen Shi Shin Sim Sohn Son Song Su Suh"
    " Sun Tan Tang Tao Tian To Tong Tran Trần Trinh Truong Tsai Tsang Tse Vo Vu Wan Wang Wei Wen Wong Wu Xi Xia Xiang"
    " Xiao Xie Xiong Xu Xue Yan Yang Yao Ye Yi Yin Yoo Yoon You Yu Yuan Yue Yun Zeng Zhai Zhan Zhang Zhao Zheng Zhong"
    " Zhou Zhu Zhuang Zong Zou"
)
"""Surnames of China, Korea and Vietnam, which stand before the given name."""

_SHORT = """
alexander alex alec sandy;andrew andy drew;anthony tony;barack barry;benjamin ben benny;bernard bernie;
charles charlie chuck;christopher chris;daniel dan danny;david dave;deborah debbie deb;donald don donnie;
douglas doug;edward ed eddie ted teddy;elizabeth liz beth betsy;eugene gene;frederick fred freddie;
gerald gerry jerry;gregory greg;harold harry;henry hank;jacob jake;james jim jimmy jamie;jeffrey jeff;
jennifer jen jenny;john jack johnny;jonathan jon;joseph joe joey;joshua josh;katherine kate kathy katie;
kenneth ken kenny;lawrence larry;leonard len lenny;margaret maggie peggy;matthew matt;michael mike mick;
mitchell mitch;nathan nate;nicholas nick;pamela pam;patricia pat patty;patrick paddy;peter pete;philip phil;
raymond ray;rebecca becky;richard dick rick rich;robert bob bobby rob robbie bert;ronald ron ronnie;
russell russ;samuel sam;stephen steve steven;susan sue susie;theodore;thomas tom tommy;timothy tim;
victoria vicky;walter walt;william bill billy will
"""
NICKNAMES = {short: row.split()[0] for row in _SHORT.split(";") for short in row.split()}
"""Given names of English and their short forms, case folded → the name itself."""

KIN = _words(
    "son sons daughter daughters wife husband brother brothers sister sisters mother father child children baby infant"
    " grandson granddaughter grandfather grandmother nephew niece cousin uncle aunt twin toddler boy girl named called"
    " Son Daughter Wife Husband Brother Sister Mother Father Baby"
)
"""Right before a given name, these say that it is another person's than the one named in full."""

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
    " Although Though Despite Because Meanwhile Instead Moreover Furthermore Additionally According Again Earlier Later"
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
        "God Allah Hajj Haj Umrah Halal Sharia Shariah Jihad Intifada Nakba Holocaust Hindutva Zionism Communism MoU"
        " MOU MoUs Capitalism Socialism CEO CFO COO NGO NGOs NFT NFTs Synod Bitcoin Ethereum Dhs Internet Brexit Covid"
        " COVID-19 Covid-19 Coronavirus HIV AIDS AI TV DVD PDF Q A.M. P.M. AM PM GMT EST"
        " UTC JAN FEB MAR APR JUN JUL AUG SEP SEPT OCT NOV DEC PhD BSc MA MBA GDP IPO FAQ FAQs Jr Jr. Sr Sr. Judiciary"
        " ID GPS LED Bible Quran Koran Islam Christianity Hinduism Judaism Buddhism"
        " Republican Republicans Democrat Democrats Muslim Muslims Christian Christians Jew Jews Jewish Hindu"
        " Hindus Sikh Sunni Shia Shiite Catholic Catholics Islamic Islamist Islamists Western Arab Arabs Kurdish"
        " Kurds African Africans European Europeans Asian Asians Latino Latinos Hispanic Nazi Nazis Marxist"
        " Communist Communists Conservative Conservatives Liberal Liberals Tory Tories LGBT LGBTQ English Arabic"
        " Mandarin Hindi Urdu Lira Yuan Renminbi Rupee Rupees Ruble Rubles Peso Pesos Naira Euros"
        " Dollar Dollars Corp Inc Ltd LLC LLP PLC Rs Bitcoin MW GW kWh km sq"
    )
)
"""Single words that are no person, organisation or place when they stand alone."""

BODIES = _words(
    "Ministry Department University College Institute Institution Bank Party Court Police Army Navy Force Forces"
    " Council Committee Commission Agency Authority Association Federation Confederation Union Club Corporation"
    " Corp Inc Ltd Limited PLC Plc LLC Company Group Holdings Airlines Airways Foundation Society Trust Board"
    " Bureau Office Senate Parliament Congress Assembly Organisation Organization Movement Tribunal Directorate"
    " Alliance Coalition Brigade Secretariat Chamber Academy School Hospital Centre Center Centers Centres Church"
    " League Institutes Cabinet Administration FC AFC CF Treasury House Media News Times Post Therapeutics"
    " Pharmaceuticals Pharma Biosciences Biotech Genomics Technologies Laboratories Labs Enterprises Ventures"
    " Securities Motors Semiconductors Electronics Aerospace Robotics Logistics Bancorp Insurance Telecom Breweries"
    " Terminals Shipping Chemicals Textiles Foods Stores Hotels Resorts Properties Studios Networks Systems Solutions"
    " Services Products Partners Associates Brands Refineries Shipyards Shipbuilding"
)
"""Nouns that end an organisation's name, or begin it before "of" and "for"."""

FOREIGN_BODIES = _words(
    "Universidad Universidade Université Universität Universitas Università Instituto Institut Istituto Banco Banque"
    " Frente Partido Parti Partai Partito Corporación Fundación Fundação Fondation Fondazione Asociación"
    " Associação Associazione Ministerio Ministério Ministère Comisión Comissão Academia Escuela Escola École"
    " Sindicato Confederación Confederação Confédération Federación Federação Fédération Grupo Groupe Gruppo"
    " Société Sociedad Sociedade Empresa Compañía Companhia Compagnie Petróleos Asamblea Agencia Agência Agence"
    " Cámara Consejo Conselho Conseil Tribunal Fiscalía Alcaldía Secretaría Dirección Observatorio Colegio"
    " Coordinadora Alianza Verein Verband Bundesamt Bundesbank Gewerkschaft Rundfunk Sparkasse Hochschule Sangh"
    " Parishad Samiti Morcha Mahasabha Sabha Samaj Vidyalaya Mahanagara Vahini Janata Jamiat Jamaat Hizb Harakat"
    " Majlis Anjuman Lashkar Ulema Sdn Bhd Berhad Persatuan Pertubuhan Yayasan Pte Pvt Tbk Persero GmbH SpA Oyj SARL"
)
"""The same in other languages, which an English text leaves as they are."""

STRONG_BODIES = BODIES - _words(
    "House Office Center Centre Centers Centres Board Church School Hospital League Trust Times Post Media News Force"
)
FIELDS = _words(
    "Affairs Agriculture Aviation Commerce Communications Community Cooperation Culture Defence Defense Development"
    " Economy Education Employment Energy Environment Equality Family Finance Fisheries Food Foreign Forestry Gender"
    " Health Higher Home Housing Human Immigration Industries Industry Information Infrastructure Interior Internal"
    " International Investment Justice Labor Labour Land Lands Law Livestock Local Manpower Minerals Mines Mining"
    " Natural Petroleum Planning Power Public Railway Railways Religious Research Resources Road Roads Rural Science"
    " Security Settlement Shipping Social Sport Sports Technology Telecommunications Tourism Trade Transport Urban"
    " Transportation Treasury Water Welfare Women Women’s Works Youth Digital Creative Civil Service Services"
    " Entrepreneurship Innovation and of &"
)
"""The words of a minister's field."""
# What committees, centers and offices are of, for or on besides.
TOPICS = FIELDS | _words(
    "the Medicare Medicaid Prevention Control Statistics Policy Management Budget Small Business Global Means Taxation"
    " Oversight Reform Diplomacy Democracy Peace Freedom Literature Languages Arts Engineering Medicine Nutrition"
)

# What companies' names end in that are no bodies: "Devon Energy".
TRADES = _words("Energy Capital Financial Industries Oil Gas Petroleum Resources")
FACILITIES = _words(
    "Airport Street Road Avenue Bridge Stadium Square Highway Palace Tower Towers Prison Park Station Hotel"
    " Mosque Cathedral Temple Arena Camp Building Plaza Port Dam Boulevard Lane Drive Motorway Expressway Tunnel"
    " Museum Shrine Theatre Hall Garden Gardens Crossing Terminal Basilica Synagogue Castle Fort Cemetery"
    " Consulate Embassy Mall Jail Barracks Memorial"
)
# Of these, what people are called as well.
SURNAMES = _words("Street Bridge Palace Park Temple Camp Port Lane Hall Garden Castle Fort")
LANDFORMS = _words(
    "River Lake Sea Ocean Mountains Mountain Island Islands Province State County District Region Valley Desert"
    " Peninsula Bay Gulf Strait Village City Town Coast Territory Prefecture Governorate Oblast Canyon Basin Falls"
    " Glacier Springs Lagoon Forest Delta Heights Hills Hill Beach Cape Creek Reef Township Municipality"
)
# Of these, what ends the name of a place alone, and what a person is called as well. Clubs and schools are called after
# cities and states, so these aren't here.
LANDSCAPES = _words(
    "Sea Mountains Desert Peninsula Gulf Strait Canyon Basin Glacier Lagoon Islands Island County Province Prefecture"
    " Governorate Oblast Municipality Township"
)
WATERS = _words("River Bay Valley Creek Reef Coast")
COMPASS = _words(
    "North South East West Northern Southern Eastern Western Central Northeast Northwest Southeast Southwest"
    " Northeastern Northwestern Southeastern Southwestern Upper Lower Inner Outer Greater Great New Old Mid"
    " Middle Lake Mount Port"
)
"""What the name of a part of a place begins with."""

AREAS = _words(
    "district village province region county town township city municipality neighbourhood neighborhood suburb"
    " settlement hamlet governorate prefecture subdistrict sub-county highlands peninsula valley river lake lagoon"
    " island islands"
    " coast border highway rainforest jungle basin forest archipelago taluk tehsil canton commune districts villages"
    " provinces regions towns cities residents"
)
"""Right after a name, or before it with "of", these say that it is a place."""

PEOPLED = _words("community communities people peoples tribe tribes tribal tribals tribesmen clan clans natives elders")
"""Right after a name, these say that it is a people."""

ORGANISED = _words(
    "company firm party newspaper daily magazine agency broadcaster NGO NGOs club bank airline startup movement group"
    " outlet website carmaker retailer manufacturer operator organisation organization network brand"
)
"""Right before or after a name, these say that it is an organisation."""

CURRENCIES = _words(
    "Baht Dinar Dirham Dollar Euro Forint Franc Hryvnia Krona Krone Lira Naira Peso Pound Rand Real Renminbi Rial"
    " Ringgit Riyal Rouble Ruble Rupee Rupiah Shekel Shilling Won Yen Yuan Zloty"
)
"""What a people's money is called: "Turkish Lira"."""

LAWS = _words(
    "Act Bill Treaty Agreement Accord Accords Protocol Constitution Amendment Pact Convention Covenant Declaration Code"
    " Law"
)
HAPPENINGS = _words(
    "Cup Finals Final Championship Championships Games Olympics Open Prix War Festival Summit Marathon Series Tour"
    " Initiative Programme Revolution Uprising Olympiad Olympiads Expo Exposition Carnival"
)
PEOPLES = _words(
    "Republican Democrat Muslim Christian Jew Hindu Sikh Sunni Shiite Catholic Protestant Evangelical Mormon Arab Kurd"
    " African European Asian Latino Hispanic Nazi Communist Marxist Conservative Liberal Socialist Libertarian Islamist"
    " Westerner Aboriginal Buddhist Houthi Rohingya Uighur Uyghur Texan Californian"
)
"""Those of no one country, in the singular."""

EVENTS = _words(
    "Cup Finals Final Championship Championships Games Olympics Open Prix Prize Award Awards Act Bill Plan Treaty"
    " Agreement Accord Protocol Constitution Amendment War Festival Summit Day Week Olympic Marathon Series Tour"
    " Program Programme Initiative Scheme Average Composite Project Pact Deal Convention Covenant Declaration Code Law"
    " Revolution Uprising Spring Index Report Olympiad Olympiads Expo Exposition Survey Inquiry Manual Carnival"
    " Friendlies Strategy Consensus Vision Forecast Highness"
)
"""Last words of names of events, laws and works, which are no organisations."""

COMPETITIONS = _words("Cup Finals Championship Championships Games Olympics Prix Prize Awards Olympiad")
"""Those that end no person's or place's name either."""
# Peoples and adjectives of more than one country, or of a part of one's people.
REGIONAL = frozenset(
    f"{region} {people}{plural}"
    for people, regions in (
        ("American", "Latin Central South North African Asian Native Mexican Cuban Arab Italian Irish Muslim Korean"),
        ("Asian", "Southeast South East Central West"),
        ("African", "West East North Central Southern Sub-Saharan"),
        ("European", "Eastern Western Central Northern Southern"),
        ("Eastern", "Middle"),
        ("Easterner", "Middle"),
    )
    for region in regions.split()
    for plural in ("", "s")
)
