/// An object that the program proposes by itself: what moves or stands out in a clip.
package struct ObjectCandidate: Sendable, Equatable, Codable {
    /// Number of the frame on which it is seen best, from 0.
    package let frame: Int
    /// A point deep inside: column and row in pixels.
    package let point: [Double]
    /// Around the object: left, top, right, bottom in pixels; the last column and row are outside.
    package let box: [Double]
    /// How sure it is that this is the object, 0…1.
    package let score: Double

    /// Below this score the candidate is probably not what is meant: the method's IoU with the true
    /// object is then below 0.4 as a rule.
    package static let reliableScore = 0.5

    package init(frame: Int, point: [Double], box: [Double], score: Double) {
        self.frame = frame
        self.point = point
        self.box = box
        self.score = score
    }
}
