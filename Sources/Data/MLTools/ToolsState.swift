/// How the Python environment stands.
package enum ToolsState: String, Sendable, Codable {
    /// There is none.
    case absent
    /// Its making or deleting was not finished, or it was not made by 8cut.
    case incomplete
    /// It is complete, but the inference library in it cannot be used.
    case broken
    /// It works.
    case installed
}
