"""A TLS 1.2 server that presents any chain without its key: its key exchange is signed with nothing. A client that
looks at the chain as it comes (RFC 5246 §7.4.2) refuses it with its own words, or goes on and finds the signature bad."""
import base64
import os
import re
import socket
import threading

PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.S)


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def flight(chain, is_rsa):
    """ServerHello to ServerHelloDone, in records."""
    ders = [base64.b64decode(body) for body in PEM.findall(chain)]
    suite = b"\xc0\x2f" if is_rsa else b"\xc0\x2b"
    extensions = bytes.fromhex("ff01000100" "000b00020100")
    hello = b"\x03\x03" + os.urandom(32) + b"\0" + suite + b"\0" + len(extensions).to_bytes(2, "big") + extensions
    listed = b"".join(len(der).to_bytes(3, "big") + der for der in ders)
    scheme, size = (b"\x08\x04", 256) if is_rsa else (b"\x04\x03", 64)
    # A number below any modulus of that size, which is no signature of anything.
    signature = b"\0" + os.urandom(size - 1)
    exchange = b"\x03\x00\x1d\x20" + os.urandom(32) + scheme + size.to_bytes(2, "big") + signature
    whole = message(2, hello) + message(11, len(listed).to_bytes(3, "big") + listed) + message(12, exchange) + message(14, b"")
    parts = [whole[at:at + 16384] for at in range(0, len(whole), 16384)]
    return b"".join(b"\x16\x03\x03" + len(part).to_bytes(2, "big") + part for part in parts)


class Presenter:
    """Listens on a port of its own on 127.0.0.1; what it presents may change."""

    def __init__(self):
        self.answer = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def present(self, chain, is_rsa):
        self.answer = flight(chain, is_rsa)

    def _serve(self):
        while True:
            peer, _ = self.socket.accept()
            with peer:
                peer.settimeout(5)
                try:
                    peer.recv(16384)
                    peer.sendall(self.answer)
                    while peer.recv(16384):
                        pass
                except OSError:
                    pass
