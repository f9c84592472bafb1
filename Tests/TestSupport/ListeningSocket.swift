import Glibc
import SystemPackage

/// A port on loopback that notices when anybody connects, and answers nothing.
package final class ListeningSocket: Sendable {
    /// Host and port.
    package let address: String
    private let descriptor: Int32

    /// Opens a free port.
    package init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let file = descriptor
        let isOpen = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(file, pointer, length) == 0 && listen(file, 8) == 0
                    && getsockname(file, pointer, &length) == 0
                    && fcntl(file, F_SETFL, O_NONBLOCK) == 0
                    && fcntl(file, F_SETFD, FD_CLOEXEC) == 0
            }
        }
        address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
        guard isOpen else { throw Errno(rawValue: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Whether anybody has connected since this was asked last.
    package func wasConnected() -> Bool {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return false }
        close(client)
        return true
    }
}
