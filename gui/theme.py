"""Colours, type and spacing: tokens per scheme, turned into a palette and one style sheet.

Every length is relative to the font (`em` in a Qt style sheet is the height of the widget's font),
so text at 200 % grows its surroundings with it.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from core.findings import Level
from core.paths import RESOURCES

STYLE_SHEET = RESOURCES / "window.qss"
"""The template of the style sheet; `$name` stands for a token."""


class Scheme(StrEnum):
    """What the window looks like now."""

    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"
    """The system's own colours, untouched."""


@dataclass(frozen=True, slots=True)
class LevelColours:
    """Badge colours of one level, as #RRGGBB."""

    fill: str
    text: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """All colours of one scheme, as #RRGGBB."""

    scheme: Scheme
    window: str
    """Behind everything."""
    surface: str
    """Cards, fields."""
    raised: str
    """Buttons, hovered rows, table headers."""
    border: str
    strong_border: str
    """Around fields and buttons: at least 3:1 against what lies behind."""
    text: str
    muted: str
    disabled: str
    accent: str
    """Primary button, links, focus ring, progress."""
    on_accent: str
    accent_hover: str
    selection: str
    on_selection: str
    notice: str
    """Fill of a notice or error panel."""
    notice_border: str
    demo: str
    """Fill of the banner "Demo – not real"."""
    on_demo: str
    only_here: str
    """Background of words that only this repository has (blue, never green)."""
    only_original: str
    """Background of words that only the original has (orange, never red)."""
    levels: tuple[tuple[Level, LevelColours], ...]

    def level(self, level: Level) -> LevelColours:
        """Badge colours of `level`."""
        return dict(self.levels)[level]


LIGHT = Tokens(
    scheme=Scheme.LIGHT,
    window="#F4F6F8",
    surface="#FFFFFF",
    raised="#EDF0F3",
    border="#D9DFE5",
    strong_border="#7D8894",
    text="#1B1F24",
    muted="#55606B",
    disabled="#8C959F",
    accent="#0B57A4",
    on_accent="#FFFFFF",
    accent_hover="#08457F",
    selection="#CFE4FF",
    on_selection="#0A2A4D",
    notice="#FFF8E6",
    notice_border="#C9A227",
    demo="#4B2E83",
    on_demo="#FFFFFF",
    only_here="#CFE4FF",
    only_original="#FFDDB8",
    levels=(
        (Level.KNOWN_BAD, LevelColours("#3B0A1E", "#FFFFFF")),
        (Level.HIGH, LevelColours("#B33A00", "#FFFFFF")),
        (Level.CAREFUL, LevelColours("#FFD25E", "#1B1F24")),
        (Level.NOTE, LevelColours("#CFE4FF", "#0A3A6B")),
        (Level.NONE, LevelColours("#F1F3F5", "#3D4F5C")),
        (Level.NOT_CHECKED, LevelColours("#FFFFFF", "#57606A")),
    ),
)

DARK = Tokens(
    scheme=Scheme.DARK,
    window="#17191C",
    surface="#202327",
    raised="#2B2F34",
    border="#383D43",
    strong_border="#7C868F",
    text="#E8EBEE",
    muted="#A8B0B8",
    disabled="#6B737B",
    accent="#7DB9F5",
    on_accent="#0A1F33",
    accent_hover="#A5CFFA",
    selection="#1F4A75",
    on_selection="#FFFFFF",
    notice="#2E2818",
    notice_border="#A5852B",
    demo="#CDB8F5",
    on_demo="#24133F",
    only_here="#1B4674",
    only_original="#6B4310",
    levels=(
        (Level.KNOWN_BAD, LevelColours("#FFD9E6", "#3B0A1E")),
        (Level.HIGH, LevelColours("#FF8A4C", "#1B1205")),
        (Level.CAREFUL, LevelColours("#8A6A00", "#FFFFFF")),
        (Level.NOTE, LevelColours("#123A66", "#CFE4FF")),
        (Level.NONE, LevelColours("#33383E", "#D0D7DE")),
        (Level.NOT_CHECKED, LevelColours("#1E1F22", "#A8B0B8")),
    ),
)


class _Current(QObject):
    """The look in force, as a child of the application, so that it can follow the system."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.tokens = LIGHT
        self.appearance = "system"
        self.text_scale = 1.0
        self.unit = 8
        self.base_size = max(app.font().pointSizeF(), 10.0)
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self.follow)
        hints.accessibility().contrastPreferenceChanged.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        """The system changed its mind; a fixed choice stays."""
        _draw(_app(), self)


def apply(app: QApplication, appearance: str, text_scale: float = 1.0) -> Scheme:
    """Dress the application: Fusion, palette, font, style sheet. `appearance` is a value of `Settings.appearance`.

    "system" follows the system, now and when it changes. A system in high contrast keeps its own colours.
    """
    current = _current(app)
    current.appearance = appearance
    current.text_scale = text_scale
    # The frame of the window is the system's: tell it what we want, too.
    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(appearance, Qt.ColorScheme.Unknown)
    if app.styleHints().colorScheme() is not wanted or wanted is Qt.ColorScheme.Unknown:
        app.styleHints().setColorScheme(wanted)
    return _draw(app, current)


def tokens() -> Tokens:
    """The tokens in force. Widgets that paint ask for them whenever they paint."""
    return _current(_app()).tokens


def space(steps: float = 1) -> int:
    """A distance in pixels: `steps` times half the height of the body font (8 pixels at 100 %)."""
    return round(_current(_app()).unit * steps)


def column_width() -> int:
    """The widest a column of text gets, in pixels: about 900 at 100 %."""
    return space(112)


def _app() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("the theme needs a running QApplication")
    return app


def _current(app: QApplication) -> _Current:
    found = app.findChild(_Current)
    return found if found is not None else _Current(app)


def _draw(app: QApplication, current: _Current) -> Scheme:
    scheme = _scheme(app, current.appearance)
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    if scheme is Scheme.HIGH_CONTRAST:
        app.setPalette(QPalette())
        current.tokens = _from_palette(app.palette())
    else:
        current.tokens = LIGHT if scheme is Scheme.LIGHT else DARK
        app.setPalette(_palette(current.tokens))
    font = QFont(app.font())
    font.setPointSizeF(current.base_size * current.text_scale)
    app.setFont(font)
    current.unit = max(4, round(QFontMetricsF(font).height() / 2))
    app.setStyleSheet(_style_sheet(current.tokens, font.pointSizeF()))
    return scheme


def _scheme(app: QGuiApplication, appearance: str) -> Scheme:
    hints = app.styleHints()
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return Scheme.HIGH_CONTRAST
    if appearance in (Scheme.LIGHT, Scheme.DARK):
        return Scheme(appearance)
    return Scheme.DARK if hints.colorScheme() is Qt.ColorScheme.Dark else Scheme.LIGHT


def _from_palette(palette: QPalette) -> Tokens:
    """High contrast: every token is one of the system's own colours, every level the same, told apart by shape."""
    window, ink = palette.window().color().name(), palette.windowText().color().name()
    base, base_ink = palette.base().color().name(), palette.text().color().name()
    mark, mark_ink = palette.highlight().color().name(), palette.highlightedText().color().name()
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    return Tokens(
        scheme=Scheme.HIGH_CONTRAST,
        window=window,
        surface=base,
        raised=window,
        border=ink,
        strong_border=ink,
        text=ink,
        muted=ink,
        disabled=disabled,
        accent=mark,
        on_accent=mark_ink,
        accent_hover=mark,
        selection=mark,
        on_selection=mark_ink,
        notice=window,
        notice_border=ink,
        demo=mark,
        on_demo=mark_ink,
        only_here=base,
        only_original=base,
        levels=tuple((level, LevelColours(base, base_ink)) for level in Level),
    )


def _palette(look: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: look.window,
        role.WindowText: look.text,
        role.Base: look.surface,
        role.AlternateBase: look.raised,
        role.Text: look.text,
        role.PlaceholderText: look.muted,
        role.Button: look.raised,
        role.ButtonText: look.text,
        role.BrightText: look.text,
        role.ToolTipBase: look.surface,
        role.ToolTipText: look.text,
        role.Highlight: look.selection,
        role.HighlightedText: look.on_selection,
        role.Link: look.accent,
        role.LinkVisited: look.accent,
        role.Accent: look.accent,
        role.Light: look.surface,
        role.Midlight: look.border,
        role.Mid: look.border,
        role.Dark: look.strong_border,
        role.Shadow: look.strong_border,
    }
    palette = QPalette()
    for key, colour in colours.items():
        palette.setColor(key, QColor(colour))
    # Without this group a disabled button looks enabled.
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(look.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(look.border))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Accent, QColor(look.disabled))
    return palette


def _style_sheet(look: Tokens, size: float) -> str:
    """The one style sheet. Font sizes are in points of the system's own body font times a step of the type scale."""
    values = {name: getattr(look, name) for name in look.__dataclass_fields__ if name not in ("levels", "scheme")}
    values |= {"title_size": f"{size * 1.7:.2f}pt", "heading_size": f"{size * 1.18:.2f}pt"}
    values |= {"caption_size": f"{size * 0.92:.2f}pt"}
    values["icons"] = (RESOURCES / "icons").as_posix()
    values["ink"] = "light" if QColor(look.on_accent).lightness() > 127 else "dark"
    sheet = STYLE_SHEET.read_text(encoding="utf-8")
    # Longest names first: `$accent` is the start of `$accent_hover`.
    for name in sorted(values, key=len, reverse=True):
        sheet = sheet.replace(f"${name}", values[name])
    return sheet
