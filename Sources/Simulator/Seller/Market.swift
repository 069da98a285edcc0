/// Where a customer buys: what follows is its currency, the AWS entity that sells, and tax.
enum Market: Int, CaseIterable, Sendable {
    case unitedStates
    case germany
    case france
    case ireland
    case japan
    case australia

    var country: StaticString {
        switch self {
        case .unitedStates: "US"
        case .germany: "DE"
        case .france: "FR"
        case .ireland: "IE"
        case .japan: "JP"
        case .australia: "AU"
        }
    }

    var currency: Currency {
        switch self {
        case .unitedStates: .usd
        case .germany, .france, .ireland: .eur
        case .japan: .jpy
        case .australia: .aud
        }
    }

    var broker: Broker {
        switch self {
        case .unitedStates: .incorporated
        case .germany, .france, .ireland: .europe
        case .japan: .japan
        case .australia: .australia
        }
    }

    /// Tax on a sale, in hundredths of a percent.
    var taxBasisPoints: Int64 {
        switch self {
        case .unitedStates: 825
        case .germany: 1900
        case .france: 2000
        case .ireland: 2300
        case .japan: 1000
        case .australia: 1000
        }
    }

    var city: StaticString {
        switch self {
        case .unitedStates: "Seattle"
        case .germany: "Köln"
        case .france: "Orléans"
        case .ireland: "Dublin"
        case .japan: "東京"
        case .australia: "Sydney"

        }
    }

    var state: StaticString {
        switch self {
        case .unitedStates: "WA"
        case .germany: "Nordrhein-Westfalen"
        case .france: "Centre-Val de Loire"
        case .ireland: "Leinster"
        case .japan: "東京都"
        case .australia: "NSW"
        }
    }

    // The leading zero of an American postal code is lost by whoever reads it as a number.
    var postalCode: StaticString {
        switch self {
        case .unitedStates: "02139"
        case .germany: "50667"
        case .france: "45000"
        case .ireland: "D02 AF30"
        case .japan: "100-0001"
        case .australia: "2000"
        }
    }

    /// Another postal code of the place.
    var otherPostalCode: StaticString {
        switch self {
        case .unitedStates: "02140"
        case .germany: "01067"
        case .france: "45100"
        case .ireland: "D04 X285"
        case .japan: "100-0002"
        case .australia: "0870"
        }
    }

    var region: StaticString {
        switch self {
        case .unitedStates: "us-east-1"
        case .germany: "eu-central-1"
        case .france: "eu-west-3"
        case .ireland: "eu-west-1"
        case .japan: "ap-northeast-1"
        case .australia: "ap-southeast-2"
        }
    }

    /// The Region code that dimension keys may begin with.
    var regionCode: StaticString {
        switch self {
        case .unitedStates: "USE1_"
        case .germany: "EUC1_"
        case .france: "EUW3_"
        case .ireland: "EUW1_"
        case .japan: "APN1_"
        case .australia: "APS2_"
        }
    }
}

/// The AWS entity that runs a sale.
enum Broker: Int, CaseIterable, Sendable {
    case incorporated
    case europe
    case japan
    case australia

    var name: StaticString {
        switch self {
        case .incorporated: "AWS_INC"
        case .europe: "AWS_EUROPE"
        case .japan: "AWS_JAPAN"
        case .australia: "AWS_AUSTRALIA"
        }
    }

    /// Whether fee, tax and refund rows name the sale as their parent.
    var linksParents: Bool { self == .europe }
}

/// Who remits the tax of a sale.
enum Tax: Sendable {
    case none
    /// Part of what the seller is owed.
    case seller
    /// Remitted by AWS, shown for information only.
    case aws
}
