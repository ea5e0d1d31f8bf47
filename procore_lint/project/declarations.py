"""Definitions: functions and classes, each made once, and the objects of classes."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import attributes, calls, decorators, enums, models, naming, storing
from procore_lint.project.libraries import authenticators, http
from procore_lint.project.model import Args, ClassInfo, Frame, FunctionInfo, Kwargs, Scope, named
from procore_lint.values import (
    Data,
    External,
    Function,
    Instance,
    Parameter,
    Type,
    Unknown,
    Value,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Runs of the enclosing function whose names an inner function is run with.
_SCOPES = 4


def create(machine: Machine, info: ClassInfo, args: Args, kwargs: Kwargs, site: http.Site) -> Value:
    """A new object of a project class."""
    info.created += 1
    member = enums.called(machine, info, args) if naming.is_enum(info) else None
    if member is not None:
        return member
    instance = Instance(info, site.place)
    machine.made(instance)
    if any(name.rpartition(".")[2].endswith(("Error", "Exception")) for name in info.ancestors()):
        return instance
    attributes.prepare(machine, instance)
    if authenticators.DEFAULT in kwargs:
        authenticators.given(machine, info, args, kwargs, site)
    new = info.find("__new__")
    init = info.find("__init__")
    if init is not None:
        calls.invoke(machine, Function(init, init.scope, instance), args, kwargs, site.rest)
    elif info.order or info.is_model:
        _fill(machine, instance, args, kwargs, site)
        post = info.find("__post_init__") or info.find("model_post_init")
        if post is not None:
            calls.invoke(machine, Function(post, post.scope, instance), [], {})
    elif instance.client is not None:
        http.configure(machine, instance.client, args, kwargs, site)
    elif new is not None and not info.external:
        return machine.symbol(info)
    return instance


def _fill(machine: Machine, instance: Instance, args: Args, kwargs: Kwargs, site: http.Site) -> None:
    """Fields of a dataclass, named tuple or model from its arguments."""
    order = [name for base in reversed(list(instance.info.line())) for name in base.order]
    order = list(dict.fromkeys(order))
    for name, value in (*zip(order, args, strict=False), *kwargs.items()):
        instance.fields[name] = value
        models.hold(instance.info, name, value, constant=site.frame.function is None)
    storing.together(machine, instance, (*args, *kwargs.values()), site.place)
    if site.rest is not None and isinstance(site.rest, (Data, Parameter, Unknown)):
        instance.backing = site.rest
        return
    if models.is_settings(instance.info):
        return  # the environment may set what no argument does
    for name in order:
        if name not in instance.fields:
            default = instance.info.attribute(name)
            if default is not None:
                value = attributes.started(machine, default, None, f"{instance.info.name}.{name}")
                instance.fields[name] = value


def declare(machine: Machine, frame: Frame, node: facts.Function, owner: ClassInfo | None) -> FunctionInfo:
    """The info of a function, made once per definition."""
    outer = owner.qualname if owner else (frame.function.qualname if frame.function else "")
    line = f"@{node.span[0]}" if node.name == "<lambda>" else ""
    key = frame.module.path, node.span
    info = machine.functions.get(key)
    if info is None:
        if any(machine.dotted(d).endswith(".setter") for d in node.decorators):
            line = ".setter"
        name = intern(node.name)
        qualname = f"{outer}.{name}{line}" if outer else f"{name}{line}" if line else name
        inner = node.alone() if frame.function is not None or node.name == "<lambda>" else None
        info = FunctionInfo(
            frame.module, name, node.span, node.stores, inner, named(frame.module, qualname), frame.scope,
            owner,
            nested=frame.function is not None and owner is None,
            decorators=machine.names(machine.dotted(d) for d in node.decorators),
        )  # fmt: skip
        machine.functions[key] = info
        machine.by_id[info.id] = info
        if not info.nested and node.name != "<lambda>":
            frame.module.functions.append(info)
    else:
        info.scope = frame.scope if owner is None else info.scope
    if (info.nested or node.name == "<lambda>") and not machine.decorating:
        scopes = machine.closures.setdefault(info.id, [])
        if len(scopes) < _SCOPES and not any(scope is frame.scope for scope in scopes):
            scopes.append(frame.scope)
    return info


def declare_class(machine: Machine, frame: Frame, node: facts.Class) -> ClassInfo:
    """The info of a class: bases, attributes, methods; made once per definition."""
    key = frame.module.path, node.span
    known = machine.classes.get(key)
    if known is not None:
        return known
    outer = frame.function.qualname if frame.function else frame.klass
    qualname = f"{outer}.{node.name}" if outer else node.name
    inner = None if frame.function is None else node
    info = ClassInfo(
        frame.module, intern(node.name), node.span, inner, named(frame.module, qualname), frame.scope
    )
    info.decorators = machine.names(machine.dotted(d) for d in node.decorators)
    machine.classes[key] = info
    for base in node.bases:
        # `Base[T]` descends from `Base`, whatever fills its parameter.
        value = machine.evaluate(base.obj if isinstance(base, facts.Item) else base, frame)
        for member in members(value):
            if isinstance(member, Type):
                info.bases.append(member.info)
                member.info.subclasses.append(info)
            elif isinstance(member, External):
                info.external.append(member.name)
            else:
                info.external.append(machine.dotted(base))
    scope = Scope(frame.module, {}, frame.scope)
    body = Frame(frame.module, frame.function, scope, call=frame.call, klass=qualname)
    plain: list[facts.Stmt] = []
    machine.stack.append(body)
    for statement in node.body:
        if isinstance(statement, facts.Function):
            method = declare(machine, body, statement, owner=info)
            method.scope = frame.scope
            name = intern(statement.name)
            if any(d.endswith(".setter") for d in method.decorators):
                name = f"{name}.setter"
            info.methods[name] = method
            plain_value = Function(method, frame.scope)
            decorators.decorated(machine, body, statement, method, plain_value)
            scope.names[intern(statement.name)] = plain_value
        else:
            if (
                isinstance(statement, facts.Assign)
                and statement.annotation is not None
                and isinstance(statement.targets[0], facts.Name)
            ):
                name = intern(statement.targets[0].id)
                info.annotations[name] = facts.pack(statement.annotation)
                info.order.append(name)
            plain.append(statement)
            machine.block(body, (statement,))
    machine.stack.pop()
    info.attributes = {name: value for name, value in scope.names.items() if name not in info.methods}
    frame.module.classes.append(info)
    enums.note(machine, info)
    return info
