/// Finds the head of the last answer in what curl writes: perhaps interim answers, the head, the
/// body.
package struct HTTPHeadReader {
    /// More than this is no head.
    package static let limit = 1 << 16

    private var bytes: [UInt8] = []

    package init() {}

    /// What is known after some bytes.
    package enum Outcome: Equatable {
        case incomplete
        case broken
        /// The head, and what has come of the body.
        case head(HTTPHead, body: [UInt8])
    }

    /// Takes in the next bytes. After a head has come there is nothing more to take in.
    package mutating func add(_ next: UnsafeRawBufferPointer) -> Outcome {
        bytes.append(contentsOf: next)
        while let end = Self.end(of: bytes) {
            guard let head = HTTPHead(String(decoding: bytes[..<end], as: UTF8.self)) else {
                return .broken
            }
            bytes.removeSubrange(..<end)
            // 100 Continue and the like come before the answer.
            if head.status >= 200 { return .head(head, body: bytes) }
        }
        return bytes.count > Self.limit ? .broken : .incomplete
    }

    /// The place behind the first empty line.
    private static func end(of bytes: [UInt8]) -> Int? {
        var lineStart = 0
        for (index, byte) in bytes.prefix(limit).enumerated() where byte == UInt8(ascii: "\n") {
            let line = bytes[lineStart..<index]
            if line.isEmpty || (line.count == 1 && line.first == UInt8(ascii: "\r")) {
                return index + 1
            }
            lineStart = index + 1
        }
        return nil
    }
}
