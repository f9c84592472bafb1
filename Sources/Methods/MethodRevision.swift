import Detection
import Files

/// The revisions that this program's methods have. Masks of the same settings may differ where they
/// differ.
package enum MethodRevision {
    /// The revision of a method, and those of what it builds on with these settings.
    ///
    /// - Parameters:
    ///   - method: its name, as in `MaskMethod.name`.
    ///   - usesMotion: whether depth takes what moves.
    ///   - findsObject: whether SAM 2 finds the object by itself.
    ///   - findsTexts: whether objects are looked for by texts.
    /// - Returns: numbers such as "2" or "1+2"; nil for an unknown method.
    package static func of(
        _ method: String,
        usesMotion: Bool,
        findsObject: Bool,
        findsTexts: Bool = false
    ) -> String? {
        let numbers: [Double]
        switch method {
        case "saliency": numbers = [SaliencyMethod.revision]
        case "depth":
            numbers = [DepthMethod.revision] + (usesMotion ? [SaliencyMethod.revision] : [])
        case "sam":
            numbers =
                [SamMethod.revision] + (findsObject ? [ObjectSearch.revision] : [])
                + (findsTexts ? [TextSearch.revision, Double(LabelQueries.revision)] : [])
        default: return nil
        }
        return numbers.map(decimal).joined(separator: "+")
    }
}
