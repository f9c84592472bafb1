import Diagnostics
import Dispatch
import Glibc
import SystemPackage

/// A port on 127.0.0.1 that other programs of this machine connect to.
final class LoopbackSocket: Sendable {
    /// The number that the system has chosen.
    let port: Int
    private let descriptor: Int32

    /// Opens a free port.
    ///
    /// - Throws: `EightCutError` when the system has none.
    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = descriptor
        let isOpen = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                socket >= 0 && bind(socket, pointer, length) == 0 && listen(socket, 32) == 0
                    && getsockname(socket, pointer, &length) == 0
            }
        }
        let error = Errno(rawValue: errno)
        port = Int(UInt16(bigEndian: name.sin_port))
        guard isOpen else {
            throw EightCutError(
                .toolFailed,
                "cannot open a port on this machine",
                because: "\(error)"
            )
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Waits for connections, on a thread of its own, until `stop`.
    func accept(_ body: @escaping @Sendable (LoopbackConnection) -> Void) {
        DispatchQueue(label: "8cut.relay").async { [self] in
            while true {
                let client = Glibc.accept(descriptor, nil, nil)
                if client >= 0 {
                    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                    body(LoopbackConnection(client))
                } else if ![EINTR, ECONNABORTED, EMFILE, ENFILE, ENOMEM].contains(errno) {
                    return
                } else {
                    usleep(10_000)
                }
            }
        }
    }

    /// Ends `accept`.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// A connection of another program. Whoever waits for it does so on a thread of the connection.
final class LoopbackConnection: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "8cut.relay.connection")
    /// Seconds that a request may take to come.
    private static let headSeconds = 10
    private static let headLimit = 1 << 14

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: Self.headSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        // What the other program does not read is not to be read of the store in advance.
        var buffer: Int32 = 1 << 18
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &buffer, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(descriptor)
    }

    /// The head of a request; nil when none has come.
    func head() async -> String? {
        await waiting { [self] in
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while bytes.count < Self.headLimit {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return nil }
                bytes += buffer[..<count]
                if String(decoding: bytes, as: UTF8.self).contains(exactly: "\r\n\r\n") {
                    return String(decoding: bytes, as: UTF8.self)
                }
            }
            return nil
        }
    }

    /// Sends bytes, for as long as the other program takes.
    ///
    /// - Returns: false when it is no longer there.
    func send(_ bytes: [UInt8]) async -> Bool {
        await waiting { [self] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(
                        descriptor,
                        $0.baseAddress.map { $0 + sent },
                        bytes.count - sent,
                        Int32(MSG_NOSIGNAL)
                    )
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Ends whatever waits for the other program.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func waiting<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
