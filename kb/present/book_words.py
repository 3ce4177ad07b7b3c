"""The fixed words of books: a book speaks the language of its pack, whatever the pages speak.

One table, by what a text is in English. `kb.translation.speaking` puts them before the catalogue of
the interface, so that all that is told of a case, such as its facts, comes out in one language.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.translation import gettext as _

LANGUAGES = ("fr", "es", "ar", "zh", "ru")
#: The text in English, and in the LANGUAGES.
TABLE: Mapping[str, tuple[str, ...]] = {
    # the cover, and what stands before the cases
    "Course pack": ("Dossier de cours", "Paquete de curso", "حزمة تدريبية", "课程资料包",
                    "Учебный набор"),
    "Trainer’s edition": ("Édition du formateur", "Edición del formador", "نسخة المدرب", "培训师版",
                          "Издание для преподавателя"),
    "Participants’ edition": ("Édition des participants", "Edición de los participantes",
                              "نسخة المشاركين", "学员版", "Издание для участников"),
    "Contents": ("Sommaire", "Contenido", "المحتويات", "目录", "Содержание"),
    "At a glance": ("En bref", "De un vistazo", "لمحة سريعة", "概览", "Коротко"),
    "For whom": ("Pour qui", "Para quién", "لمن", "适用对象", "Для кого"),
    "Level": ("Niveau", "Nivel", "المستوى", "程度", "Уровень"),
    "introductory": ("initiation", "introductorio", "تمهيدي", "入门", "начальный"),
    "intermediate": ("intermédiaire", "intermedio", "متوسط", "中级", "средний"),
    "advanced": ("avancé", "avanzado", "متقدم", "高级", "продвинутый"),
    "Time": ("Durée", "Tiempo", "المدة", "时间", "Время"),
    "Before you begin": ("Avant de commencer", "Antes de empezar", "قبل البدء", "开始之前",
                         "Перед началом"),
    "What you can do afterwards": (
        "Ce que vous saurez faire ensuite", "Qué sabrá hacer después", "ما ستتمكن منه بعد التدريب",
        "学完之后您能够", "Что вы сможете делать после"),
    "Put together by": ("Réuni par", "Preparado por", "إعداد", "编者", "Составители"),
    "Made from": ("Établi à partir de", "Hecho a partir de", "أُعدت انطلاقا من", "源自",
                  "Составлено на основе"),
    "Time plan": ("Programme", "Plan de tiempo", "الخطة الزمنية", "时间安排", "План по времени"),
    "Case": ("Cas", "Caso", "حالة", "案例", "Случай"),
    "Together": ("Au total", "En total", "المجموع", "合计", "Всего"),
    "Part %(number)s": ("Partie %(number)s", "Parte %(number)s", "الجزء %(number)s",
                        "第%(number)s部分", "Часть %(number)s"),
    "Case %(number)s": ("Cas %(number)s", "Caso %(number)s", "الحالة %(number)s", "案例%(number)s",
                        "Случай %(number)s"),
    "Introduction": ("Introduction", "Introducción", "مقدمة", "导言", "Введение"),
    "Cover": ("Couverture", "Cubierta", "الغلاف", "封面", "Обложка"),
    # around a case
    "Teaching note": ("Note pour le formateur", "Nota para el formador", "ملاحظة للمدرب",
                      "教学提示", "Заметка для преподавателя"),
    "Questions": ("Questions", "Preguntas", "أسئلة", "讨论题", "Вопросы"),
    "Facts": ("Faits", "Datos", "حقائق", "基本情况", "Факты"),
    "Results in figures": ("Résultats en chiffres", "Resultados en cifras", "النتائج بالأرقام",
                           "成果数据", "Результаты в цифрах"),
    "What was counted": ("Ce qui a été compté", "Qué se contó", "ما الذي أُحصي", "统计内容",
                         "Что считали"),
    "Result": ("Résultat", "Resultado", "النتيجة", "结果", "Результат"),
    "before:": ("avant :", "antes:", "قبل:", "之前：", "до этого:"),
    "aim:": ("objectif :", "meta:", "الهدف:", "目标：", "цель:"),
    "Before": ("Avant", "Antes", "قبل", "之前", "До этого"),
    "Aim": ("Objectif", "Meta", "الهدف", "目标", "Цель"),
    "Counted by: %(who)s.": ("Compté par : %(who)s.", "Contado por: %(who)s.",
                             "مصدر الإحصاء: %(who)s.", "统计方：%(who)s。", "Кто считал: %(who)s."),
    "Sources": ("Sources", "Fuentes", "المصادر", "来源", "Источники"),
    "Source {}": ("Source {}", "Fuente {}", "المصدر {}", "来源 {}", "Источник {}"),
    "Notes": ("Notes", "Notas", "حواش", "注释", "Примечания"),
    "Back to footnote {} in the text": (
        "Retour à la note {} dans le texte", "Volver a la nota {} en el texto",
        "العودة إلى الحاشية {} في النص", "返回正文注释 {}", "Назад к сноске {} в тексте"),
    "Table": ("Tableau", "Tabla", "جدول", "表格", "Таблица"),
    "PDF, {} KB": ("PDF, {} Ko", "PDF, {} kB", "PDF، {} كيلوبايت", "PDF，{} KB", "PDF, {} КБ"),
    "PDF, {} MB": ("PDF, {} Mo", "PDF, {} MB", "PDF، {} ميغابايت", "PDF，{} MB", "PDF, {} МБ"),
    "How to cite this case": ("Comment citer ce cas", "Cómo citar este caso",
                              "كيفية الاستشهاد بهذه الحالة", "引用本案例",
                              "Как цитировать этот случай"),
    "Read it online": ("Lire en ligne", "Leer en línea", "اقرأها على الإنترنت", "在线阅读",
                       "Читать в сети"),
    "QR code to %(url)s": ("Code QR vers %(url)s", "Código QR a %(url)s",
                           "رمز استجابة سريعة إلى %(url)s", "二维码：%(url)s", "QR-код: %(url)s"),
    "Done again elsewhere": ("Repris ailleurs", "Repetido en otros lugares",
                             "تكرر في أماكن أخرى", "在其他地方的复制", "Повторено в других местах"),
    "Laws and policies behind it": (
        "Lois et politiques à l’appui", "Leyes y políticas que lo respaldan",
        "القوانين والسياسات التي تقف وراءها", "相关法律与政策", "Законы и политика"),
    "Text %(revision)s of %(day)s": (
        "Texte %(revision)s du %(day)s", "Texto %(revision)s del %(day)s",
        "النص %(revision)s بتاريخ %(day)s", "文本 %(revision)s，%(day)s",
        "Текст %(revision)s от %(day)s"),
    "Text %(revision)s": ("Texte %(revision)s", "Texto %(revision)s", "النص %(revision)s",
                          "文本 %(revision)s", "Текст %(revision)s"),
    # what there is to know of the text that is used
    "The case has changed since this text was taken.": (
        "Le cas a changé depuis que ce texte a été retenu.",
        "El caso ha cambiado desde que se tomó este texto.",
        "تغيرت الحالة منذ اعتماد هذا النص.", "本案例在选用此文本后已有修改。",
        "Случай изменился после того, как был взят этот текст."),
    "This text is not translated; it stands in its original language.": (
        "Ce texte n’est pas traduit ; il figure dans sa langue d’origine.",
        "Este texto no está traducido; figura en su idioma original.",
        "لم يُترجم هذا النص، وهو وارد بلغته الأصلية.", "此文本尚无译文，以原文刊出。",
        "Этот текст не переведён и приводится на языке оригинала."),
    "The original has changed since this translation was made.": (
        "L’original a changé depuis cette traduction.",
        "El original ha cambiado desde que se hizo esta traducción.",
        "تغير النص الأصلي منذ إعداد هذه الترجمة.", "原文在翻译之后已有修改。",
        "Оригинал изменился после этого перевода."),
    "This case was archived.": (
        "Ce cas a été archivé.", "Este caso fue archivado.", "أُودعت هذه الحالة في الأرشيف.",
        "本案例已归档。", "Этот случай в архиве."),
    "This case was withdrawn; its text is not given any more.": (
        "Ce cas a été retiré ; son texte n’est plus donné.",
        "Este caso fue retirado; su texto ya no se ofrece.",
        "سُحبت هذه الحالة ولم يعد نصها متاحا.", "本案例已撤回，不再提供文本。",
        "Этот случай отозван; его текст больше не приводится."),
    "This case is not in the library any more.": (
        "Ce cas n’est plus dans la bibliothèque.", "Este caso ya no está en la biblioteca.",
        "لم تعد هذه الحالة في المكتبة.", "本案例已不在库中。",
        "Этого случая больше нет в библиотеке."),
    # the end
    "About this book": ("À propos de ce livre", "Acerca de este libro", "عن هذا الكتاب",
                        "关于本书", "Об этой книге"),
    "Licence": ("Licence", "Licencia", "الرخصة", "许可", "Лицензия"),
    "Pack": ("Dossier", "Paquete", "الحزمة", "资料包", "Набор"),
    "Version %(revision)s of %(day)s": (
        "Version %(revision)s du %(day)s", "Versión %(revision)s del %(day)s",
        "الإصدار %(revision)s بتاريخ %(day)s", "版本 %(revision)s，%(day)s",
        "Версия %(revision)s от %(day)s"),
    "From %(site)s, where all cases can be read, searched and corrected: %(url)s": (
        "Tiré de %(site)s, où tous les cas se lisent, se cherchent et se corrigent : %(url)s",
        "De %(site)s, donde todos los casos pueden leerse, buscarse y corregirse: %(url)s",
        "من %(site)s، حيث يمكن قراءة جميع الحالات والبحث فيها وتصحيحها: %(url)s",
        "出自 %(site)s，所有案例均可在此阅读、检索和更正：%(url)s",
        "Из %(site)s, где все случаи можно читать, искать и исправлять: %(url)s"),
    "You may copy this book and pass it on under this licence if you name where it comes from.": (
        "Vous pouvez copier ce livre et le transmettre sous cette licence"
        " en nommant sa provenance.",
        "Puede copiar este libro y distribuirlo con esta licencia si menciona su procedencia.",
        "يجوز نسخ هذا الكتاب وتداوله بموجب هذه الرخصة مع ذكر مصدره.",
        "在注明出处的前提下，您可以按本许可复制和传播本书。",
        "Книгу можно копировать и передавать на условиях этой лицензии, указывая источник."),
    "Back to the pack": ("Retour au dossier", "Volver al paquete", "العودة إلى الحزمة",
                         "返回资料包", "Назад к набору"),
    "To print it, or to save it as PDF, use the menu of the browser.": (
        "Pour imprimer ou enregistrer en PDF, utilisez le menu du navigateur.",
        "Para imprimir o guardar como PDF, use el menú del navegador.",
        "للطباعة أو الحفظ بصيغة PDF استخدم قائمة المتصفح.",
        "如需打印或保存为 PDF，请使用浏览器菜单。",
        "Чтобы напечатать или сохранить как PDF, откройте меню браузера."),
    # facts of a case, which its page tells in the words of the interface
    "Where": ("Où", "Dónde", "أين", "地点", "Где"),
    "When": ("Quand", "Cuándo", "متى", "时间", "Когда"),
    "Outcome": ("Issue", "Desenlace", "المآل", "结果", "Итог"),
    "Evidence": ("Éléments probants", "Evidencia", "الأدلة", "证据", "Доказательства"),
    "Cooperation": ("Coopération", "Cooperación", "التعاون", "合作方式", "Сотрудничество"),
    "Funding": ("Financement", "Financiación", "التمويل", "资金", "Финансирование"),
    "Themes": ("Thèmes", "Temas", "الموضوعات", "主题", "Темы"),
    "Technology": ("Technologie", "Tecnología", "التكنولوجيا", "技术", "Технология"),
    "Ask": ("À qui demander", "A quién preguntar", "للاستفسار", "咨询", "Кого спросить"),
    "Last checked": ("Dernière vérification", "Última revisión", "آخر تحقق", "最近核对",
                     "Последняя проверка"),
    "Goals served": ("Objectifs servis", "Objetivos atendidos", "الأهداف المخدومة",
                     "服务的目标", "Цели"),
    "WSIS Action Lines": ("Grandes orientations du SMSI", "Líneas de Acción de la CMSI",
                          "خطوط عمل القمة العالمية لمجتمع المعلومات", "WSIS 行动方面",
                          "Направления деятельности ВВУИО"),
    "year not stated": ("année non précisée", "año no indicado", "السنة غير مذكورة", "未注明年份",
                        "год не указан"),
    "%(start)s to %(end)s": ("%(start)s à %(end)s", "%(start)s a %(end)s",
                             "%(start)s إلى %(end)s", "%(start)s至%(end)s",
                             "%(start)s–%(end)s"),
    "since %(year)s": ("depuis %(year)s", "desde %(year)s", "منذ %(year)s", "%(year)s年起",
                       "с %(year)s года"),
    "until %(year)s": ("jusqu’en %(year)s", "hasta %(year)s", "حتى %(year)s", "至%(year)s年",
                       "до %(year)s года"),
    "%(day)s, due again on %(due)s": (
        "%(day)s, à revoir le %(due)s", "%(day)s, próxima el %(due)s",
        "%(day)s، والمراجعة التالية في %(due)s", "%(day)s，下次核对 %(due)s",
        "%(day)s, следующая %(due)s"),
    "due on %(due)s": ("à revoir le %(due)s", "prevista el %(due)s", "مقررة في %(due)s",
                       "应于%(due)s核对", "назначена на %(due)s"),
}  # fmt: skip


def words_in(lang: str) -> Mapping[str, str]:
    """The table in a language (BCP 47), by the English texts; empty where it is not in it."""
    code = lang.partition("-")[0]
    if code not in LANGUAGES:
        return {}
    place = LANGUAGES.index(code)
    return {text: row[place] for text, row in TABLE.items()}


def book_words() -> Mapping[str, str]:
    """The words that the templates of a book say, by the names they have there."""
    return {
        "pack": _("Course pack"),
        "trainer": _("Trainer’s edition"),
        "participants": _("Participants’ edition"),
        "contents": _("Contents"),
        "glance": _("At a glance"),
        "audience": _("For whom"),
        "level": _("Level"),
        "time": _("Time"),
        "prerequisites": _("Before you begin"),
        "objectives": _("What you can do afterwards"),
        "curators": _("Put together by"),
        "forked_from": _("Made from"),
        "plan": _("Time plan"),
        "case": _("Case"),
        "together": _("Together"),
        "introduction": _("Introduction"),
        "cover": _("Cover"),
        "note": _("Teaching note"),
        "questions": _("Questions"),
        "facts": _("Facts"),
        "figures": _("Results in figures"),
        "counted": _("What was counted"),
        "result": _("Result"),
        "when": _("When"),
        "before": _("before:"),
        "aim": _("aim:"),
        "sources": _("Sources"),
        "table": _("Table"),
        "notes": _("Notes"),
        "cite": _("How to cite this case"),
        "online": _("Read it online"),
        "about": _("About this book"),
        "licence": _("Licence"),
        "the_pack": _("Pack"),
        "free": _(
            "You may copy this book and pass it on under this licence if you name where it comes"
            " from."
        ),
        "back": _("Back to the pack"),
        "how_to_print": _("To print it, or to save it as PDF, use the menu of the browser."),
    }
