import FoundationEssentials
import SystemPackage

/// What a script under tools/reference has computed: samples as they lie in memory, with a list
/// of the cases.
package struct RawFixtures: Decodable {
    /// One input and what was made of it.
    package struct Case: Decodable, Sendable {
        /// The name of its files, without the ending.
        package let name: String
        /// What was done.
        package let kind: String
        /// Columns and rows of the input.
        package let from: [Int]
        /// Columns and rows of the result.
        package let to: [Int]

        /// Columns and rows of the input.
        package var source: (width: Int, height: Int) { (from[0], from[1]) }
        /// Columns and rows of the result.
        package var target: (width: Int, height: Int) { (to[0], to[1]) }
    }

    /// The cases.
    package let cases: [Case]

    /// Reads the list of a folder under Tests/Fixtures.
    package static func read(_ folder: String) throws -> [Case] {
        let text = try MaskSet.bytes(of: path(folder).appending("cases.json"))
        return try JSONDecoder().decode(Self.self, from: Data(text)).cases
    }

    /// 8-bit samples of a case's file.
    package static func bytes(_ folder: String, _ file: String) throws -> [UInt8] {
        try MaskSet.bytes(of: path(folder).appending(file))
    }

    /// Single-precision samples of a case's file.
    package static func floats(_ folder: String, _ file: String) throws -> [Float] {
        try bytes(folder, file).withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                let bits = bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: bits))
            }
        }
    }

    private static func path(_ folder: String) -> FilePath {
        FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending(folder)
    }
}
