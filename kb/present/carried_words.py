"""The fixed words of what is taken along beside the book: the offline folder, cartridges, slides.

The same table as in `kb.present.book_words`, which takes it in.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.translation import gettext as _

#: The text in English, and in French, Spanish, Arabic, Chinese and Russian.
TABLE: Mapping[str, tuple[str, ...]] = {
    "Start here": ("Commencer ici", "Empiece aquí", "ابدأ من هنا", "从这里开始", "Начните здесь"),
    "Teaching notes": ("Notes pour le formateur", "Notas para el formador", "ملاحظات للمدرب",
                       "教学提示", "Заметки для преподавателя"),
    "Search in this pack": ("Chercher dans ce dossier", "Buscar en este paquete",
                            "ابحث في هذه الحزمة", "在本资料包中搜索", "Искать в этом наборе"),
    "Search": ("Chercher", "Buscar", "بحث", "搜索", "Искать"),
    "Searching needs JavaScript. The contents lead to everything that is here.": (
        "La recherche a besoin de JavaScript. Le sommaire mène à tout ce qui est ici.",
        "La búsqueda necesita JavaScript. El contenido lleva a todo lo que hay aquí.",
        "يتطلب البحث تفعيل جافاسكربت. ويقودك المحتوى إلى كل ما هو هنا.",
        "搜索需要 JavaScript。通过目录可以找到全部内容。",
        "Для поиска нужен JavaScript. Содержание ведёт ко всему, что здесь есть."),
    "Nothing was found for “%(words)s”. Try fewer or other words.": (
        "Rien trouvé pour « %(words)s ». Essayez moins de mots, ou d’autres.",
        "No se encontró nada para «%(words)s». Pruebe con menos palabras o con otras.",
        "لم يُعثر على شيء لعبارة «%(words)s». جرب كلمات أقل أو كلمات أخرى.",
        "没有找到“%(words)s”。请减少或更换词语。",
        "По запросу «%(words)s» ничего не найдено. Попробуйте меньше слов или другие."),
    "Found: %(count)s": ("Trouvé : %(count)s", "Encontrados: %(count)s",
                         "عدد النتائج: %(count)s", "找到：%(count)s", "Найдено: %(count)s"),
    "Previous": ("Précédent", "Anterior", "السابق", "上一个", "Назад"),
    "Next": ("Suivant", "Siguiente", "التالي", "下一个", "Далее"),
    "To the text": ("Aller au texte", "Ir al texto", "انتقل إلى النص", "跳到正文", "К тексту"),
    "Sources and licence": ("Sources et licence", "Fuentes y licencia", "المصادر والرخصة",
                            "来源与许可", "Источники и лицензия"),
    "Open index.html in this folder with a double click. It needs no internet.": (
        "Ouvrez index.html dans ce dossier par un double clic. Internet n’est pas nécessaire.",
        "Abra index.html de esta carpeta con doble clic. No hace falta internet.",
        "افتح الملف index.html في هذا المجلد بنقرة مزدوجة. لا حاجة إلى الإنترنت.",
        "双击打开此文件夹中的 index.html，无需联网。",
        "Откройте index.html в этой папке двойным щелчком. Интернет не нужен."),
}  # fmt: skip


def carried_words() -> Mapping[str, str]:
    """The words by the names that makers and templates have for them."""
    return {
        "start": _("Start here"),
        "teaching": _("Teaching notes"),
        "search_in": _("Search in this pack"),
        "search": _("Search"),
        "no_script": _("Searching needs JavaScript. The contents lead to everything that is here."),
        "nothing": _("Nothing was found for “%(words)s”. Try fewer or other words.", words="{}"),
        "found": _("Found: %(count)s", count="{}"),
        "previous": _("Previous"),
        "next": _("Next"),
        "skip": _("To the text"),
        "ending": _("Sources and licence"),
        "how_to_open": _(
            "Open index.html in this folder with a double click. It needs no internet."
        ),
    }
