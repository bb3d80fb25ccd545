import re

from tests.support.services import ROOT

READ = re.compile(r"""env\.\w+\(\s*"(\w+)"|secret\(env, "(\w+)"\)""")


def test_the_example_environment_names_every_variable_that_the_settings_read() -> None:
    source = (ROOT / "portal" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()
    names = {first or second for first, second in READ.findall(source)}
    assert len(names) > 20
    assert {name for name in names if not re.search(rf"^(# )?{name}(_FILE)?=", example, re.MULTILINE)} == set()
