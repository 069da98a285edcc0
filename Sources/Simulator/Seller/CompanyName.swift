/// Legal names that a careless reader of CSV breaks on.
enum CompanyName {
    private static let places = [
        "Kestrel", "Brunnenweg", "Saint-Élie", "Ó Briain", "Fjordlys", "Harbour", "Žitná",
        "Camino", "みなと", "Redstone", "Ålesund", "Pinewood",
    ]
    private static let trades = [
        "Logistics", "Analytics", "Maschinenbau", "Foods", "\"Cloud\" Systems", "Optik",
        "Assurances", "電子", "Freight, Storage", "Labs",
    ]
    private static let forms = [
        ", Inc.", " GmbH & Co. KG", " S.A.", " 株式会社", " Ltd.\nProcurement", ", LLC", " AG",
        " Oyj",
    ]

    static func of(_ key: Key) -> String {
        var random = key.child(.name).random
        let place = places[random.below(places.count)]
        let trade = trades[random.below(trades.count)]
        return "\(place) \(trade)\(forms[random.below(forms.count)])"
    }
}
