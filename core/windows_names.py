"""Names with a meaning of their own on Windows (Microsoft: "Naming Files, Paths, and Namespaces")."""

import re

FORBIDDEN = frozenset('<>:"|?*\\/')
"""Characters that no part of a path may contain."""
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that draw nothing, or turn the reading direction around."""
DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(COM|LPT)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
"""A part of a path that means a device, with or without an extension."""
ACTS_ON_ITS_FOLDER = frozenset({"desktop.ini", "autorun.inf", "folder.htt", ".git", "git~1", ".hg", ".svn"})
"""Explorer, Windows or a version control program obeys these when the folder is only looked at."""
RUNS = frozenset(
    ".exe .com .scr .pif .cpl .msi .msp .bat .cmd .vbs .vbe .js .jse .wsf .wsh .hta .chm .lnk .url .scf .reg .inf .msc "
    ".sct .ps1 .iso .img .vhd .vhdx .one .appx .appxbundle .msix .jar .dll .xll .settingcontent-ms".split()
)
"""Extensions that run something after one or two clicks (after the list of attachments that Outlook blocks)."""
