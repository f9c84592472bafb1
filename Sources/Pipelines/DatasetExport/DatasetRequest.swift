import ClipLibrary
import DatasetProfiles
import SystemPackage

/// What data set is to be written.
package struct DatasetRequest: Sendable {
    package let profile: DatasetProfile
    /// The folder of the data set.
    package let folder: FilePath
    /// How it is divided; nil for not at all.
    package var split: SplitRule?
    /// Which masks of a clip are taken.
    package var masks = MaskChoice()
    /// Only clips whose masks have at least this score; nil for all.
    package var leastScore: Double?
    /// Only clips with this last word on their masks; nil for all.
    package var verdict: VerdictFilter?
    /// The exact size and frame count of all clips; nil where the profile decides.
    package var bucket: Bucket?
    /// What part of the clips is shown; nil for all.
    package var crop: DatasetCrop?
    /// Whether clips that the consumer would reject are left out.
    package var skipsRejected = false
    /// Whether files are copied that could be hard links.
    package var copies = false

    package init(profile: DatasetProfile, folder: FilePath) {
        self.profile = profile
        self.folder = folder
    }

    /// Whether the data set has masks.
    var hasMasks: Bool { profile.masks != nil && !masks.isNone }

    /// Whether masks are looked for.
    var wantsMasks: Bool { hasMasks || crop != nil }

    /// Whether clips are chosen by what is known of their masks.
    var selectsByMasks: Bool { leastScore != nil || verdict != nil }
}

/// Which masks of a clip are taken.
package struct MaskChoice: Sendable, Equatable {
    /// The method that made them; nil for those that were made last.
    package var method: String?
    /// The number of an object; nil for all of them.
    package var object: Int?
    /// Whether there are none in the data set, though the consumer has a use for them.
    package var isNone = false

    /// Whether masks of a method or of an object are asked for.
    var isChosen: Bool { method != nil || object != nil }

    package init(method: String? = nil, object: Int? = nil) {
        self.method = method
        self.object = object
    }
}
