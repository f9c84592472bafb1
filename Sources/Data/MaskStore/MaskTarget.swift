import Diagnostics
import Files
import Imaging
import SystemPackage

/// The folders into which a run writes, held open: the folder of the masks, or its staging folder,
/// and the auxiliary folders in it.
package struct MaskTarget: Sendable {
    let files: OpenFolder
    private let auxiliary: [String: OpenFolder]
    /// The records of the frames that were done when the run began.
    package let journal: FrameJournal
    /// Where the method keeps what it needs to resume.
    package let workspace: Workspace
    /// How many frames, from the first on, may be replaced: the others would not be ours.
    private let ownedCount: Int
    /// How many frames the manifest has listed when the run began.
    let listedCount: Int

    init(
        _ files: OpenFolder,
        _ auxiliary: [String: OpenFolder],
        journal: FrameJournal,
        owning ownedCount: Int,
        listing listedCount: Int
    ) {
        self.files = files
        self.auxiliary = auxiliary
        self.journal = journal
        self.ownedCount = ownedCount
        self.listedCount = listedCount
        workspace = Workspace(in: files)
    }

    /// Writes the mask of a frame, its auxiliary images first.
    ///
    /// - Throws: `EightCutError` when it cannot be written, or a file that is not ours has the name.
    package func write(_ mask: Mask, frame: Int) throws {
        for (name, image) in mask.auxiliary {
            guard let folder = auxiliary[name] else {
                throw EightCutError.internalFault(because: "there is no folder \(name)")
            }
            try write(image, frame, in: folder)
        }
        try write(.mask(mask.image), frame, in: files)
    }

    private func write(_ image: AuxiliaryImage, _ frame: Int, in folder: OpenFolder) throws {
        let name = MaskName.component(of: frame)
        let encoded = try image.encoded()
        let file = try folder.newFile(for: name)
        do {
            try encoded.write(to: file.descriptor)
        } catch let error as Errno {
            throw fileError("cannot write", folder.path.appending(name), error)
        }
        try file.publish(replaces: frame < ownedCount)
    }

    /// Reads the mask of a frame back.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - size: columns and rows of the video.
    /// - Returns: the file as it is.
    /// - Throws: `EightCutError` when it is missing, damaged or of another size.
    package func mask(of frame: Int, _ size: (width: Int, height: Int)) throws -> GrayImage {
        let name = MaskName.component(of: frame)
        let path = files.path.appending(name)
        let limit = MaskLimits.imageBytes(
            width: size.width,
            height: size.height,
            bytesPerPixel: 1
        )
        guard let bytes = try files.read(name, limit: limit) else {
            throw fileError("cannot read", path, .noSuchFileOrDirectory)
        }
        let mask = try PNG.gray(bytes, at: path, maximumPixels: size.width * size.height)
        guard mask.width == size.width, mask.height == size.height else {
            throw files.movedError()
        }
        return mask
    }

    /// Makes sure that the auxiliary folders still are where they were when the run began.
    ///
    /// - Throws: `EightCutError` that names one that is not.
    func requireFoldersInPlace() throws {
        for (_, folder) in auxiliary {
            guard let name = folder.path.lastComponent else { continue }
            let here = try files.status(of: name)
            guard try here?.identity == folder.status().identity else {
                throw folder.movedError()
            }
        }
    }
}
