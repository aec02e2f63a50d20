//! [`Currency`]: the codes of ISO 4217 list one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MoneyError;

/// A currency of ISO 4217. There is no order between currencies.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// 人民币.
    pub const CNY: Self = Self(iso_currency::Currency::CNY);

    /// The currency with that code; small letters and spaces around it are forgiven.
    pub fn from_code(code: &str) -> Result<Self, MoneyError> {
        let code = code.trim().to_ascii_uppercase();
        iso_currency::Currency::from_code(&code).map(Self).ok_or(MoneyError::UnknownCurrency { code })
    }

    /// Three capital letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The number of ISO 4217.
    pub fn number(self) -> u16 {
        self.0.numeric()
    }

    /// Decimals of its minor unit: 2 for CNY, 0 for JPY, 3 for KWD; none where ISO 4217 defines none (gold).
    pub fn minor_units(self) -> Option<u8> {
        self.0.exponent().and_then(|units| u8::try_from(units).ok())
    }

    /// Decimals to which amounts are rounded: those of the minor unit, or four where none is defined.
    pub fn decimals(self) -> u8 {
        self.minor_units().unwrap_or(4)
    }

    /// `¥` for CNY. Signs that several currencies share are not used: others have their code instead.
    pub fn symbol(self) -> Option<&'static str> {
        (self == Self::CNY).then_some("¥")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::from_code(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO 4217 list one, 2026-01-01: all codes by their minor unit.
    const LIST_ONE: [(Option<u8>, &str); 5] = [
        (Some(0), "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (
            Some(2),
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
             CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD \
             HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK \
             MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD \
             RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH \
             USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
        ),
        (Some(3), "BHD IQD JOD KWD LYD OMR TND"),
        (Some(4), "CLF UYW"),
        (None, "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"),
    ];

    #[test]
    fn every_code_of_list_one_has_its_minor_unit() {
        for (units, codes) in LIST_ONE {
            for code in codes.split_whitespace() {
                assert_eq!(Currency::from_code(code).unwrap().minor_units(), units, "{code}");
            }
        }
    }

    #[test]
    fn a_code_is_known_or_refused() {
        assert_eq!(Currency::from_code(" cny "), Ok(Currency::CNY));
        assert_eq!(Currency::from_code("RMB"), Err(MoneyError::UnknownCurrency { code: "RMB".into() }));
        assert_eq!(serde_json::to_string(&Currency::CNY).unwrap(), "\"CNY\"");
        assert!(serde_json::from_str::<Currency>("\"AAA\"").is_err());
    }
}
