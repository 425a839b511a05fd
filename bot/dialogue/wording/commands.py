"""The menu of commands, for channels whose apps show one: command → description."""

COMMANDS = {
    "zh-CN": {"new": "反映一件事", "my": "看我的诉求", "help": "能帮您做什么"},
    "en": {"new": "Report something", "my": "See my petitions", "help": "What I can do for you"},
}
ACCOUNT_MENU = {"new": "反映问题", "my": "我的诉求", "help": "能帮什么"}
"""Button of an account's own menu → its label, four characters at most."""
