#!/usr/bin/env python3
"""Make content/vocabularies/regions.yaml from the M49 table of the United Nations.

    python tools/make_regions.py unsd-m49.csv [content/vocabularies/regions.yaml]

The table is the semicolon-separated file that the UN Statistics Division publishes at
https://unstats.un.org/unsd/methodology/m49/overview/. The tree (world, region, sub-region,
intermediate region) and the groups LDC, LLDC and SIDS come from it; regional communities are
listed below, each with its origin and date. Labels come from CLDR (Babel) unless they are
given here: CLDR has no name for some codes and names others differently from the UN.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale

LANGS = ("en", "fr", "es", "ar", "zh", "ru")
WORLD = "001"
LEVELS = ("Global", "Region", "Sub-region", "Intermediate Region")
GROUPS = {
    "ldc": "Least Developed Countries (LDC)",
    "lldc": "Land Locked Developing Countries (LLDC)",
    "sids": "Small Island Developing States (SIDS)",
}

# Countries of ISO 3166 that have no row of their own in the M49 table, with the code under
# which they are listed here so that every ISO country has exactly one place.
EXTRA_COUNTRIES = {"TW": "030"}

# Countries that left a group since the table of 2022-09-24 was made: Bhutan on 13 December
# 2023 and Sao Tome and Principe on 13 December 2024.
GRADUATED = {"ldc": ("BT", "ST")}

# Labels of M49 areas as the United Nations writes them, where CLDR has none, names another
# area (419 is "Latin America" there, 053 "Australasia"), or is ambiguous ("中非" is also the
# Central African Republic). English labels are always those of the table.
M49_LABELS: dict[str, dict[str, str]] = {
    "001": {"ru": "Мир"},
    "202": {"ru": "Африка к югу от Сахары"},
    "017": {"zh": "中部非洲"},
    "018": {"ar": "الجنوب الأفريقي", "ru": "Юг Африки"},
    "019": {"es": "Américas"},
    "419": {
        "fr": "Amérique latine et Caraïbes",
        "es": "América Latina y el Caribe",
        "ar": "أمريكا اللاتينية ومنطقة البحر الكاريبي",
        "zh": "拉丁美洲和加勒比",
        "ru": "Латинская Америка и Карибский бассейн",
    },
    "029": {"ar": "منطقة البحر الكاريبي", "zh": "加勒比", "ru": "Карибский бассейн"},
    "013": {"es": "América Central"},
    "005": {"es": "América del Sur"},
    "021": {
        "es": "América del Norte",
        "ar": "أمريكا الشمالية",
        "zh": "北美洲",
        "ru": "Северная Америка",
    },
    "143": {"ar": "آسيا الوسطى"},
    "030": {"fr": "Asie orientale"},
    "035": {"es": "Asia sudoriental"},
    "145": {"fr": "Asie occidentale"},
    "151": {"fr": "Europe orientale", "ar": "أوروبا الشرقية"},
    "154": {"fr": "Europe septentrionale"},
    "830": {
        "fr": "Îles Anglo-Normandes",
        "es": "Islas del Canal",
        "ar": "جزر القناة",
        "zh": "海峡群岛",
        "ru": "Нормандские острова",
    },
    "039": {"fr": "Europe méridionale"},
    "155": {"fr": "Europe occidentale"},
    "053": {
        "fr": "Australie et Nouvelle-Zélande",
        "es": "Australia y Nueva Zelandia",
        "ar": "أستراليا ونيوزيلندا",
        "zh": "澳大利亚和新西兰",
        "ru": "Австралия и Новая Зеландия",
    },
    "057": {"fr": "Micronésie", "es": "Micronesia", "ar": "ميكرونيزيا", "zh": "密克罗尼西亚"},
}

# Other names that people type. "LAC" and "AU" are left out on purpose: they are everyday words
# in French ("lac", "au") and would widen searches that have nothing to do with them.
M49_SYNONYMS: dict[str, dict[str, list[str]]] = {
    "002": {"en": ["African continent"], "ar": ["إفريقيا"]},
    "015": {
        "en": ["North Africa"],
        "fr": ["Afrique du Nord"],
        "es": ["África del Norte", "Norte de África"],
        "ar": ["شمال إفريقيا"],
        "zh": ["北部非洲"],
    },
    "202": {
        "en": ["Subsaharan Africa", "Africa south of the Sahara", "SSA"],
        "fr": ["Afrique au sud du Sahara", "Afrique sub-saharienne"],
        "es": ["África al sur del Sáhara", "África subsahariana"],
        "ar": ["أفريقيا جنوب الصحراء"],
        "zh": ["撒哈拉以南的非洲", "撒南非洲"],
        "ru": ["Тропическая Африка", "Субсахарская Африка"],
    },
    "014": {
        "en": ["East Africa"],
        "fr": ["Afrique de l'Est"],
        "es": ["África del Este"],
        "ar": ["شرق إفريقيا"],
        "zh": ["东部非洲"],
    },
    "017": {
        "en": ["Central Africa"],
        "fr": ["Afrique du Centre"],
        "ar": ["وسط إفريقيا"],
        "zh": ["非洲中部"],
        "ru": ["Средняя Африка"],
    },
    "018": {
        "es": ["África austral"],
        "ar": ["جنوب القارة الأفريقية"],
        "zh": ["非洲南部"],
        "ru": ["Южная часть Африки"],
    },
    "011": {
        "en": ["West Africa"],
        "fr": ["Afrique de l'Ouest"],
        "es": ["África del Oeste"],
        "ar": ["غرب إفريقيا"],
        "zh": ["西部非洲"],
    },
    "019": {"en": ["the Americas"], "es": ["las Américas"], "ar": ["القارتان الأمريكيتان"]},
    "419": {
        "en": ["Latin America", "LATAM", "Latin America & Caribbean"],
        "fr": ["Amérique latine", "ALC"],
        "es": ["América Latina", "Latinoamérica", "Latinoamérica y el Caribe", "ALC"],
        "ar": ["أمريكا اللاتينية", "أمريكا اللاتينية والكاريبي"],
        "zh": ["拉丁美洲", "拉美", "拉美和加勒比", "拉丁美洲及加勒比"],
        "ru": ["Латинская Америка", "ЛАК", "страны Латинской Америки и Карибского бассейна"],
    },
    "029": {
        "en": ["Caribbean islands", "West Indies"],
        "fr": ["Antilles", "Caraïbe"],
        "es": ["Antillas", "islas del Caribe"],
        "ar": ["الكاريبي", "جزر الكاريبي"],
        "zh": ["加勒比地区", "西印度群岛"],
        "ru": ["Карибы", "Карибские острова", "Вест-Индия"],
    },
    "013": {"es": ["Centroamérica"], "zh": ["中部美洲"]},
    "005": {"es": ["Sudamérica", "Suramérica"], "zh": ["南美"]},
    "021": {
        "en": ["North America"],
        "fr": ["Amérique du Nord"],
        "es": ["Norteamérica", "América septentrional"],
        "zh": ["北美", "美洲北部"],
        "ru": ["Североамериканский регион"],
    },
    "143": {"ar": ["وسط آسيا"], "zh": ["中亚地区"], "ru": ["Средняя Азия"]},
    "030": {
        "en": ["East Asia"],
        "fr": ["Asie de l'Est"],
        "es": ["Asia del Este"],
        "zh": ["东亚地区"],
    },
    "035": {
        "en": ["Southeast Asia", "South-East Asia", "Southeastern Asia"],
        "fr": ["Asie du Sud-Est"],
        "es": ["Sudeste asiático", "Sureste asiático"],
        "zh": ["东南亚地区"],
    },
    "034": {"en": ["South Asia"], "fr": ["Asie méridionale"], "es": ["Asia del Sur"]},
    "145": {"en": ["West Asia"], "fr": ["Asie de l'Ouest"], "ar": ["آسيا الغربية"]},
    "151": {"en": ["East Europe"], "fr": ["Europe de l'Est"], "es": ["Europa del Este"]},
    "154": {"en": ["North Europe"], "fr": ["Europe du Nord"], "es": ["Europa del Norte"]},
    "039": {"en": ["South Europe"], "fr": ["Europe du Sud"], "es": ["Europa del Sur"]},
    "155": {"en": ["West Europe"], "fr": ["Europe de l'Ouest"], "ar": ["أوروبا الغربية"]},
    "009": {
        "en": ["Pacific", "Pacific region", "the Pacific"],
        "fr": ["Pacifique", "région du Pacifique"],
        "es": ["Pacífico", "región del Pacífico"],
        "ar": ["منطقة المحيط الهادئ", "أوسيانيا"],
        "zh": ["太平洋地区"],
        "ru": ["Тихоокеанский регион"],
    },
    "053": {
        "en": ["Australasia"],
        "fr": ["Australasie"],
        "ar": ["أسترالاسيا"],
        "zh": ["澳大拉西亚", "澳新"],
        "ru": ["Австралазия"],
    },
    "057": {
        "en": ["Micronesian Region"],
        "fr": ["région micronésienne"],
        "es": ["Región de Micronesia"],
        "ar": ["الجزر الميكرونيزية"],
        "zh": ["密克罗尼西亚地区"],
    },
}


@dataclass
class Overlay:
    """A group of countries that stands beside the M49 tree."""

    id: str
    labels: tuple[str, ...]
    definition: str
    origin: str
    countries: str
    synonyms: dict[str, list[str]]
    as_of: str = "2025-12-31"
    remark: str = ""


M49_ORIGIN = "https://unstats.un.org/unsd/methodology/m49/"

OVERLAYS = [
    Overlay(
        "ldc",
        (
            "Least developed countries",
            "Pays les moins avancés",
            "Países menos adelantados",
            "أقل البلدان نموا",
            "最不发达国家",
            "Наименее развитые страны",
        ),
        "Countries on the United Nations list of least developed countries.",
        "https://www.un.org/development/desa/dpad/least-developed-country-category.html",
        "",
        {
            "en": ["LDC", "LDCs", "least developed country"],
            "fr": ["PMA"],
            "es": ["PMA"],
            "ar": ["البلدان الأقل نموا"],
            "zh": ["最不发达国"],
            "ru": ["НРС"],
        },
        remark="The M49 table of 2022-09-24 without Bhutan (left 2023-12-13) and Sao Tome and\n"
        "Principe (left 2024-12-13). Lao PDR and Nepal are due to leave on 2026-11-24;\n"
        "Bangladesh, due on the same day, asked for three more years: check before each release.",
    ),
    Overlay(
        "lldc",
        (
            "Landlocked developing countries",
            "Pays en développement sans littoral",
            "Países en desarrollo sin litoral",
            "البلدان النامية غير الساحلية",
            "内陆发展中国家",
            "Развивающиеся страны, не имеющие выхода к морю",
        ),
        "Developing countries without a sea coast, as listed by the United Nations.",
        M49_ORIGIN,
        "",
        {
            "en": ["LLDC", "LLDCs", "landlocked countries"],
            "fr": ["PDSL", "pays sans littoral", "pays enclavés"],
            "es": ["PDSL", "países sin litoral"],
            "ar": ["الدول النامية غير الساحلية", "البلدان غير الساحلية"],
            "zh": ["内陆国家"],
            "ru": ["РСНВМ", "страны без выхода к морю"],
        },
        as_of="2022-09-24",
    ),
    Overlay(
        "sids",
        (
            "Small island developing States",
            "Petits États insulaires en développement",
            "Pequeños Estados insulares en desarrollo",
            "الدول الجزرية الصغيرة النامية",
            "小岛屿发展中国家",
            "Малые островные развивающиеся государства",
        ),
        "Small island and low-lying coastal developing States and territories, as listed by the "
        "United Nations.",
        M49_ORIGIN,
        "",
        {
            "en": ["SIDS", "small islands", "small island states"],
            "fr": ["PEID", "petits États insulaires", "petites îles"],
            "es": ["PEID", "pequeños Estados insulares", "islas pequeñas"],
            "ar": ["الجزر الصغيرة", "الدول الجزرية الصغيرة"],
            "zh": ["小岛屿国家", "小岛国"],
            "ru": ["МОРАГ", "МОСТРАГ", "малые островные государства"],
        },
        as_of="2022-09-24",
    ),
    Overlay(
        "african-union",
        (
            "African Union",
            "Union africaine",
            "Unión Africana",
            "الاتحاد الأفريقي",
            "非洲联盟",
            "Африканский союз",
        ),
        "The 55 member states of the African Union.",
        "https://au.int/en/member_states/countryprofiles2",
        "DZ AO BJ BW BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY"
        " MG MW ML MR MU MA MZ NA NE NG RW ST SN SC SL SO ZA SS SD TZ TG TN UG EH ZM ZW",
        {
            "en": ["AU member states", "AU countries"],
            "fr": ["pays de l'UA"],
            "es": ["países de la UA"],
            "ar": ["الاتحاد الإفريقي"],
            "zh": ["非盟"],
            "ru": ["АС"],
        },
        remark="EH is the Sahrawi Arab Democratic Republic.",
    ),
    Overlay(
        "ecowas",
        (
            "Economic Community of West African States",
            "Communauté économique des États de l'Afrique de l'Ouest",
            "Comunidad Económica de los Estados de África Occidental",
            "الجماعة الاقتصادية لدول غرب أفريقيا",
            "西非国家经济共同体",
            "Экономическое сообщество западноафриканских государств",
        ),
        "The 12 member states of the Economic Community of West African States.",
        "https://www.ecowas.int/member-states/",
        "BJ CV CI GM GH GN GW LR NG SN SL TG",
        {
            "en": ["ECOWAS"],
            "fr": ["CEDEAO"],
            "es": ["CEDEAO"],
            "ar": ["إيكواس", "الإيكواس"],
            "zh": ["西非经共体"],
            "ru": ["ЭКОВАС"],
        },
        remark="Burkina Faso, Mali and Niger left on 2025-01-29.",
    ),
    Overlay(
        "eac",
        (
            "East African Community",
            "Communauté d'Afrique de l'Est",
            "Comunidad de África Oriental",
            "جماعة شرق أفريقيا",
            "东非共同体",
            "Восточноафриканское сообщество",
        ),
        "The eight partner states of the East African Community.",
        "https://www.eac.int/eac-partner-states",
        "BI CD KE RW SO SS UG TZ",
        {"en": ["EAC"], "fr": ["CAE"], "ru": ["ВАС"]},
    ),
    Overlay(
        "sadc",
        (
            "Southern African Development Community",
            "Communauté de développement de l'Afrique australe",
            "Comunidad de África Meridional para el Desarrollo",
            "الجماعة الإنمائية للجنوب الأفريقي",
            "南部非洲发展共同体",
            "Сообщество по вопросам развития стран юга Африки",
        ),
        "The 16 member states of the Southern African Development Community.",
        "https://www.sadc.int/member-states",
        "AO BW KM CD SZ LS MG MW MU MZ NA SC ZA TZ ZM ZW",
        {
            "en": ["SADC"],
            "fr": ["CDAA"],
            "ar": ["سادك"],
            "zh": ["南共体"],
            "ru": ["САДК", "Сообщество развития Юга Африки"],
        },
    ),
    Overlay(
        "comesa",
        (
            "Common Market for Eastern and Southern Africa",
            "Marché commun de l'Afrique de l'Est et de l'Afrique australe",
            "Mercado Común para África Oriental y Meridional",
            "السوق المشتركة لشرق أفريقيا والجنوب الأفريقي",
            "东部和南部非洲共同市场",
            "Общий рынок Восточной и Южной Африки",
        ),
        "The 21 member states of the Common Market for Eastern and Southern Africa.",
        "https://www.comesa.int/members/",
        "BI KM CD DJ EG ER SZ ET KE LY MG MW MU RW SC SO SD TN UG ZM ZW",
        {
            "en": ["COMESA"],
            "ar": ["كوميسا", "الكوميسا"],
            "zh": ["东南非共同市场"],
            "ru": ["КОМЕСА"],
        },
    ),
    Overlay(
        "igad",
        (
            "Intergovernmental Authority on Development",
            "Autorité intergouvernementale pour le développement",
            "Autoridad Intergubernamental para el Desarrollo",
            "الهيئة الحكومية الدولية المعنية بالتنمية",
            "政府间发展组织",
            "Межправительственная организация по развитию",
        ),
        "The seven member states of the Intergovernmental Authority on Development.",
        "https://igad.int/about/",
        "DJ ET KE SO SS SD UG",
        {"en": ["IGAD"], "ar": ["إيغاد", "الإيغاد"], "zh": ["伊加特"], "ru": ["ИГАД"]},
        remark="Eritrea announced that it left on 2025-12-12.",
    ),
    Overlay(
        "eccas",
        (
            "Economic Community of Central African States",
            "Communauté économique des États de l'Afrique centrale",
            "Comunidad Económica de los Estados de África Central",
            "الجماعة الاقتصادية لدول وسط أفريقيا",
            "中部非洲国家经济共同体",
            "Экономическое сообщество центральноафриканских государств",
        ),
        "The 11 member states of the Economic Community of Central African States.",
        "https://ceeac-eccas.org/en/",
        "AO BI CM CF TD CG CD GQ GA RW ST",
        {
            "en": ["ECCAS"],
            "fr": ["CEEAC"],
            "es": ["CEEAC"],
            "ar": ["إيكاس"],
            "zh": ["中非经共体"],
            "ru": ["ЭСЦАГ"],
        },
        remark="Rwanda announced its withdrawal on 2025-06-07; it is listed because the treaty\n"
        "asks for a year's notice. Check before each release.",
    ),
    Overlay(
        "arab-league",
        (
            "League of Arab States",
            "Ligue des États arabes",
            "Liga de los Estados Árabes",
            "جامعة الدول العربية",
            "阿拉伯国家联盟",
            "Лига арабских государств",
        ),
        "The 22 member states of the League of Arab States.",
        "http://www.lasportal.org/aboutlas/Pages/CountryData.aspx",
        "DZ BH KM DJ EG IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE",
        {
            "en": ["Arab League", "Arab States", "Arab countries", "Arab region"],
            "fr": ["Ligue arabe", "États arabes", "pays arabes"],
            "es": ["Liga Árabe", "Estados Árabes", "países árabes"],
            "ar": ["الدول العربية", "البلدان العربية", "المنطقة العربية"],
            "zh": ["阿盟", "阿拉伯国家"],
            "ru": ["ЛАГ", "арабские государства", "арабские страны"],
        },
    ),
    Overlay(
        "gcc",
        (
            "Gulf Cooperation Council",
            "Conseil de coopération du Golfe",
            "Consejo de Cooperación del Golfo",
            "مجلس التعاون لدول الخليج العربية",
            "海湾合作委员会",
            "Совет сотрудничества арабских государств Залива",
        ),
        "The six member states of the Cooperation Council for the Arab States of the Gulf.",
        "https://www.gcc-sg.org/en/AboutUs/MemberStates",
        "BH KW OM QA SA AE",
        {
            "en": ["GCC", "Cooperation Council for the Arab States of the Gulf", "Gulf states"],
            "fr": ["CCG", "pays du Golfe"],
            "es": ["CCG", "países del Golfo"],
            "ar": ["مجلس التعاون الخليجي", "دول الخليج"],
            "zh": ["海合会", "海湾国家"],
            "ru": ["ССАГПЗ", "страны Залива"],
        },
    ),
    Overlay(
        "asean",
        (
            "Association of Southeast Asian Nations",
            "Association des nations de l'Asie du Sud-Est",
            "Asociación de Naciones de Asia Sudoriental",
            "رابطة أمم جنوب شرق آسيا",
            "东南亚国家联盟",
            "Ассоциация государств Юго-Восточной Азии",
        ),
        "The 11 member states of the Association of Southeast Asian Nations.",
        "https://asean.org/member-states/",
        "BN KH ID LA MY MM PH SG TH TL VN",
        {
            "en": ["ASEAN"],
            "fr": ["ANASE"],
            "ar": ["آسيان", "الآسيان"],
            "zh": ["东盟", "亚细安"],
            "ru": ["АСЕАН"],
        },
        remark="Timor-Leste joined on 2025-10-26.",
    ),
    Overlay(
        "saarc",
        (
            "South Asian Association for Regional Cooperation",
            "Association sud-asiatique de coopération régionale",
            "Asociación del Asia Meridional para la Cooperación Regional",
            "رابطة جنوب آسيا للتعاون الإقليمي",
            "南亚区域合作联盟",
            "Ассоциация регионального сотрудничества стран Южной Азии",
        ),
        "The eight member states of the South Asian Association for Regional Cooperation.",
        "https://www.saarc-sec.org/index.php/about-saarc/about-saarc",
        "AF BD BT IN MV NP PK LK",
        {"en": ["SAARC"], "fr": ["ASACR"], "ar": ["سارك"], "zh": ["南盟"], "ru": ["СААРК"]},
    ),
    Overlay(
        "pacific-islands-forum",
        (
            "Pacific Islands Forum",
            "Forum des îles du Pacifique",
            "Foro de las Islas del Pacífico",
            "منتدى جزر المحيط الهادئ",
            "太平洋岛屿论坛",
            "Форум тихоокеанских островов",
        ),
        "The 18 members of the Pacific Islands Forum.",
        "https://forumsec.org/pacific-islands-forum",
        "AU CK FM FJ PF KI NR NC NZ NU PW PG MH WS SB TO TV VU",
        {"en": ["PIF"], "fr": ["FIP"], "es": ["FIP"], "zh": ["太平洋岛国论坛"], "ru": ["ФТО"]},
    ),
    Overlay(
        "caricom",
        (
            "Caribbean Community",
            "Communauté des Caraïbes",
            "Comunidad del Caribe",
            "الجماعة الكاريبية",
            "加勒比共同体",
            "Карибское сообщество",
        ),
        "The 15 full members of the Caribbean Community.",
        "https://caricom.org/member-states-and-associate-members/",
        "AG BS BB BZ DM GD GY HT JM MS KN LC VC SR TT",
        {"en": ["CARICOM"], "ar": ["كاريكوم"], "zh": ["加共体"], "ru": ["КАРИКОМ"]},
        remark="Associate members are not listed.",
    ),
    Overlay(
        "mercosur",
        (
            "MERCOSUR",
            "Marché commun du Sud",
            "Mercado Común del Sur",
            "السوق المشتركة لبلدان المخروط الجنوبي",
            "南方共同市场",
            "Южноамериканский общий рынок",
        ),
        "The five states parties of the Southern Common Market that take part in it.",
        "https://www.mercosur.int/en/about-mercosur/mercosur-countries/",
        "AR BO BR PY UY",
        {
            "en": ["Southern Common Market", "Mercosul"],
            "ar": ["ميركوسور"],
            "zh": ["南共市"],
            "ru": ["МЕРКОСУР"],
        },
        remark="Bolivia joined in 2024. Venezuela, suspended since 2017, is not listed.",
    ),
    Overlay(
        "european-union",
        (
            "European Union",
            "Union européenne",
            "Unión Europea",
            "الاتحاد الأوروبي",
            "欧洲联盟",
            "Европейский союз",
        ),
        "The 27 member states of the European Union.",
        "https://european-union.europa.eu/principles-countries-history/eu-countries_en",
        "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE",
        {
            "en": ["EU", "EU member states"],
            "fr": ["UE"],
            "es": ["UE"],
            "ar": ["دول الاتحاد الأوروبي"],
            "zh": ["欧盟"],
            "ru": ["ЕС", "Евросоюз"],
        },
    ),
]


@dataclass
class Node:
    """An area of the M49 tree; its own countries are those that belong to no smaller area."""

    code: str
    name: str
    level: int
    parent: str | None
    countries: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def read_tree(rows: list[dict[str, str]]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for row in rows:
        parent: str | None = None
        for level, prefix in enumerate(LEVELS):
            code = row[f"{prefix} Code"].strip()
            if not code:
                continue
            if code not in nodes:
                nodes[code] = Node(code, row[f"{prefix} Name"].strip(), level, parent)
                if parent is not None:
                    nodes[parent].children.append(code)
            elif nodes[code].parent != parent:
                raise SystemExit(f"{code} has two parents: {nodes[code].parent} and {parent}")
            parent = code
        country = row["ISO-alpha2 Code"].strip()
        if country and parent is not None:  # Sark has an M49 code but no ISO code
            nodes[parent].countries.append(country)
    for country, code in EXTRA_COUNTRIES.items():
        if not any(country in node.countries for node in nodes.values()):
            nodes[code].countries.append(country)
    return nodes


def below(nodes: dict[str, Node], code: str) -> set[str]:
    """All countries of an area and the areas inside it."""
    found = set(nodes[code].countries)
    for child in nodes[code].children:
        found |= below(nodes, child)
    return found


def smallest(nodes: dict[str, Node], countries: set[str]) -> str:
    """The smallest area that holds all the countries."""
    code = WORLD
    while True:
        inner = [c for c in nodes[code].children if countries <= below(nodes, c)]
        if not inner:
            return code
        code = inner[0]


def m49_labels(node: Node) -> dict[str, str]:
    labels = {}
    for lang in LANGS:
        given = M49_LABELS.get(node.code, {}).get(lang)
        name = node.name if lang == "en" else given or Locale(lang).territories.get(node.code)
        if not name:
            raise SystemExit(f"no label in {lang} for {node.code} {node.name}")
        labels[lang] = name.replace("\u2019", "'")
    return labels


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def flow(items: list[str]) -> str:
    return "[" + ", ".join(quoted(item) for item in items) + "]"


def term(head: list[str], labels: dict[str, str], definition: str, **more: object) -> str:
    lines = [*head, "  labels:"]
    lines += [f"    {lang}: {quoted(labels[lang])}" for lang in LANGS]
    lines.append(f"  definition: {quoted(definition)}")
    synonyms = more.get("synonyms")
    if isinstance(synonyms, dict) and synonyms:
        lines.append("  synonyms:")
        lines += [f"    {lang}: {flow(synonyms[lang])}" for lang in LANGS if synonyms.get(lang)]
    countries = more.get("countries")
    if isinstance(countries, list) and countries:
        lines.append(f"  countries: {flow(countries)}")
    return "\n".join(lines) + "\n"


def clean(synonyms: dict[str, list[str]], labels: dict[str, str]) -> dict[str, list[str]]:
    """Synonyms without those that are the label of their language already."""
    return {
        lang: [word for word in words if word.casefold() != labels[lang].casefold()]
        for lang, words in synonyms.items()
    }


def definition_of(nodes: dict[str, Node], node: Node) -> str:
    if node.parent is None:
        return "The whole world."
    kind = ("world", "region", "sub-region", "intermediate region")[node.level]
    where = "the world" if node.parent == WORLD else nodes[node.parent].name
    return f"{kind.capitalize()} of {where} in the M49 standard of the United Nations."


def write_tree(nodes: dict[str, Node]) -> list[str]:
    out: list[str] = []

    def visit(code: str) -> None:
        node = nodes[code]
        labels = m49_labels(node)
        head = [f"- id: {slug(node.name)}"]
        if node.parent is not None:
            head.append(f"  broader: {slug(nodes[node.parent].name)}")
        head.append(f"  m49: {quoted(code)}")
        out.append(
            term(
                head,
                labels,
                definition_of(nodes, node),
                synonyms=clean(M49_SYNONYMS.get(code, {}), labels),
                countries=sorted(node.countries),
            )
        )
        for child in node.children:
            visit(child)

    visit(WORLD)
    return out


def write_overlays(nodes: dict[str, Node], groups: dict[str, list[str]]) -> list[str]:
    out: list[str] = []
    known = below(nodes, WORLD)
    for overlay in OVERLAYS:
        members = groups.get(overlay.id) or overlay.countries.split()
        if len(members) != len(set(members)) or not set(members) <= known:
            raise SystemExit(f"{overlay.id}: doubled or unknown country")
        labels = dict(zip(LANGS, overlay.labels, strict=True))
        head = [f"# {line}" for line in overlay.remark.splitlines()]
        head += [
            f"- id: {overlay.id}",
            f"  broader: {slug(nodes[smallest(nodes, set(members))].name)}",
            "  overlay: true",
            f"  as_of: {quoted(overlay.as_of)}",
            f"  origin: {quoted(overlay.origin)}",
        ]
        out.append(
            term(
                head,
                labels,
                overlay.definition,
                synonyms=clean(overlay.synonyms, labels),
                countries=sorted(members),
            )
        )
    return out


HEADER = """\
# Regions: the M49 tree of the United Nations, then groups of countries that overlay it.
# Made by tools/make_regions.py from the table "{table}"; change it there, not here.
# `countries` of an area are those that belong to no smaller area; ISO 3166-1 alpha-2, always
# quoted (NO is Norway). TW has no row in the M49 table and stands under Eastern Asia.
# `broader` of an overlay is the smallest area that holds all its countries.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("table", type=Path, help="the M49 table, CSV with semicolons")
    default = Path(__file__).resolve().parent.parent / "content/vocabularies/regions.yaml"
    parser.add_argument("output", type=Path, nargs="?", default=default)
    args = parser.parse_args()

    with args.table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    nodes = read_tree(rows)
    groups = {
        group: [
            row["ISO-alpha2 Code"].strip()
            for row in rows
            if row[column].strip()
            and row["ISO-alpha2 Code"].strip() not in GRADUATED.get(group, ())
        ]
        for group, column in GROUPS.items()
    }
    parts = [
        HEADER.format(table=args.table.name),
        *write_tree(nodes),
        *write_overlays(nodes, groups),
    ]
    args.output.write_text("\n".join(parts), encoding="utf-8")
    print(f"{args.output}: {len(nodes)} areas, {len(OVERLAYS)} overlays")
    return 0


if __name__ == "__main__":
    sys.exit(main())
