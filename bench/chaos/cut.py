"""Nodes in network namespaces of their own, each on a cable to this one, where the database, the bus and people are:
so a node can be cut off from one of them and healed again. Needs root, iproute2 and nftables."""

from __future__ import annotations

import os
import shutil
import subprocess

HUB = "10.99.8.1"  # this end of every cable


def usable() -> bool:
    return os.geteuid() == 0 and bool(shutil.which("ip")) and bool(shutil.which("nft"))


class Cables:
    def __init__(self, nodes: int) -> None:
        self._names = [f"mt-node{n}" for n in range(nodes)]
        self.remove()
        for number, name in enumerate(self._names):
            device, far = f"mtc{number}", f"mtf{number}"
            _do("ip", "netns", "add", name)
            _do("ip", "link", "add", device, "type", "veth", "peer", "name", far, "netns", name)
            _do("ip", "address", "add", HUB, "peer", f"{self.address(number)}/32", "dev", device)
            _do("ip", "link", "set", device, "up")
            _do("ip", "-n", name, "address", "add", self.address(number), "peer", f"{HUB}/32", "dev", far)
            _do("ip", "-n", name, "link", "set", far, "up")
            _do("ip", "-n", name, "link", "set", "lo", "up")

    def address(self, node: int) -> str:
        return f"10.99.8.{11 + node}"

    def within(self, node: int) -> tuple[str, ...]:
        """What the node's command is run by."""
        return ("ip", "netns", "exec", self._names[node])

    def cut(self, node: int, *ports: int) -> None:
        """Packets of the node to and from these ports of the hub vanish without a word, both ways."""
        these = f"{{ {', '.join(map(str, ports))} }}"
        chains = (("come", "input", "sport"), ("go", "output", "dport"))
        rules = "".join(
            f"chain {chain} {{\ntype filter hook {hook} priority 0;\ntcp {port} {these} drop\n}}\n"
            for chain, hook, port in chains
        )
        _do(*self.within(node), "nft", f"table inet cut {{\n{rules}}}\n")

    def heal(self, node: int) -> None:
        _do(*self.within(node), "nft", "delete", "table", "inet", "cut")

    def remove(self) -> None:
        """The cable too: a process that was left in a namespace keeps it, and its cable, for as long as it lives."""
        for number, name in enumerate(self._names):
            for command in (("ip", "link", "del", f"mtc{number}"), ("ip", "netns", "del", name)):
                subprocess.run(command, check=False, capture_output=True)


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
