"""Chat templates: ordinary ones raise no alarm, ways out of them do, however they are written."""

import pytest

from core.findings import FileState, Level
from tests.core.scanning.examining import levels, look_at

ORDINARY = [
    "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% endfor %}",
    "{%- if messages[0]['role'] == 'system' -%}{{ messages[0].content | trim }}{%- endif -%}",
    "{% generation %}{{ message.content }}{% endgeneration %}",
    "{% for m in messages %}{% if loop.index0 > 5 %}{% break %}{% endif %}{{ m.content }}{% endfor %}",
    "{% if '</think>' in message.content %}{{ message.content.split('</think>')[-1] }}{% endif %}",
    "{% set ns = namespace(found=false) %}{% do names.append(1) %}{{ tools | tojson(indent=4) }}",
    "{% macro render(x) %}{{ x.name }}{% endmacro %}{{ render(tool) }}",
    "{{ strftime_now('%d %b %Y') }}{{ raise_exception('Only user and assistant roles') }}",
    "see https://huggingface.co/docs and https://json-schema.org/draft {{ x }}",
    "{{ messages | selectattr('role', 'equalto', 'user') | list | length }}",
    "no template at all",
]


@pytest.mark.parametrize("source", ORDINARY)
def test_ordinary_templates_raise_no_alarm(source: str) -> None:
    inspection = look_at("chat_template.jinja", source)
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {}


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ messages['__class__'] }}",
        "{{ messages['__cl' ~ 'ass__'] }}",
        "{{ messages['__cl' + 'ass__'] }}",
        "{{ messages['\\x5f\\x5fclass\\x5f\\x5f'] }}",
        "{{ messages | attr('__class__') }}",
        "{{ messages | attr('x') }}",
        "{{ messages | map(attribute='__class__') | list }}",
        "{{ cycler.__init__.__globals__.os.popen('echo').read() }}",
        "{{ lipsum.__globals__['os'] }}",
        "{{ joiner.next }}",
        "{{ self.__init__ }}",
        "{{ x.mro() }}",
        "{{ f.gi_frame.f_back }}",
        "{{ os.system('echo') }}",
        "{% set x = '__globals__' %}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
        "{% import 'x' as y %}",
        "{% include 'x' %}",
        "{% if false %}{{ ''.__class__ }}{% endif %}",
        "{% macro a() %}{{ ''.__class__ }}{% endmacro %}",
        "{# nothing #}{{ __import__('os') }}",
    ],
)
def test_ways_out_of_a_template_are_high_risk(source: str) -> None:
    assert levels(look_at("chat_template.jinja", source)).get("template-code") is Level.HIGH


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }} visit https://evil.invalid/login now",
        "{% if 'password' in message.content %}{{ 'a' }}{% endif %}",
        "{% if 'bank account' in message['content'] | lower %}{{ 'a' }}{% endif %}",
        "{% if 'wallet' in messages[-1]['content'] %}a{% endif %}",
    ],
)
def test_templates_that_steer_answers_are_shown(source: str) -> None:
    assert levels(look_at("chat_template.jinja", source)) == {"template-steers": Level.CAREFUL}


@pytest.mark.parametrize(
    "source",
    [
        "{% if %}",
        "{{ a ",
        "{% unheard_of %}",
        "{{ " + "(" * 5000,
        "{{ a" + ".b" * 20_000 + " }}",
        "{% if a %}" * 3000 + "{% endif %}" * 3000,
        "{{ " + "-" * 20_000 + "1 }}",
        "{{ '" + "x" * (1 << 20) + "' }}",
    ],
    ids=["empty", "open", "tag", "brackets", "chain", "nesting", "signs", "long"],
)
def test_templates_that_cannot_be_read_are_not_called_read(source: str) -> None:
    inspection = look_at("chat_template.jinja", source)
    assert inspection.state is FileState.PARTLY_CHECKED


def test_addresses_are_told_of_a_template_that_cannot_be_parsed() -> None:
    inspection = look_at("chat_template.jinja", "{{ a https://evil.invalid/ {{")
    assert {"template-steers", "template-unreadable"} <= levels(inspection).keys()
