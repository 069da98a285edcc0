/// The bitemporal columns that every row of every feed ends with.
struct Version: Sendable {
    /// Seconds since 1970, as all instants here.
    var validFrom: Int64
    var inserted: Int64
    var updated: Int64
    var deleted: Int64?

    init(validFrom: Int64, inserted: Int64, updated: Int64? = nil, deleted: Int64? = nil) {
        self.validFrom = validFrom
        self.inserted = inserted
        self.updated = updated ?? inserted
        self.deleted = deleted
    }
}

extension RowWriter {
    /// The columns that end a row of a feed with a catalog.
    mutating func version(
        _ version: Version, in catalog: Catalog = .marketplace, validFrom form: InstantForm = .iso
    ) {
        word(catalog.name)
        history(version, validFrom: form)
    }

    /// The columns that end a row of a feed without one.
    mutating func history(_ version: Version, validFrom form: InstantForm = .iso) {
        instant(version.validFrom, form)
        instant(version.inserted)
        instant(version.updated)
        instantOrEmpty(version.deleted)
    }
}
