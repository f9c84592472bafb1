import Files
import SystemPackage

/// A file of weights that a test writes, valid or not.
struct SafetensorsFile {
    /// The header.
    var json: String
    /// What follows it.
    var numbers: [UInt8] = []
    /// The length that the file gives for its header; the header's own unless given.
    var length: UInt64?

    /// A valid header: two matrices and a number.
    static let validHeader = """
        {"__metadata__":{"format":"pt"},\
        "b.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
        "a.weight":{"dtype":"F16","shape":[2,2],"data_offsets":[24,32]},\
        "none":{"dtype":"I64","shape":[0,7],"data_offsets":[32,32]},\
        "one":{"dtype":"U8","shape":[],"data_offsets":[32,33]}}
        """

    /// A valid file: its numbers count up.
    static let valid = SafetensorsFile(json: validHeader, numbers: Array(0..<33))

    /// A file with one tensor of one byte.
    static func tiny(_ key: String) -> SafetensorsFile {
        let tensor = "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}"
        return SafetensorsFile(json: "{\"\(key)\":\(tensor)}", numbers: [7])
    }

    /// All bytes of the file.
    func bytes(json other: [UInt8]? = nil) -> [UInt8] {
        let header = other ?? Array(json.utf8)
        let length = self.length ?? UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + header + numbers
    }

    /// Writes it.
    func write(to path: FilePath) throws {
        try bytes().withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }
}
