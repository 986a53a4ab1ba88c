extension StoreTable {
    /// Cells by `words`.
    static let text = """
chain           at         mozilla        chrome     apple      microsoft  android    java       debian
aws             2025-07-01 soon+early     soon+early soon+early early      early      early      early
aws             2026-03-01 yes            yes        yes        yes        yes        yes        yes
aws             2026-06-29 end            end        end        end        end        end        end

letsencrypt     2025-08-04 log?+early     log?+early log?+early early      early      early      early
letsencrypt     2025-09-18 log?           log?       log?       yes        yes        yes        yes
letsencrypt     2025-11-03 log?+end       log?+end   log?+end   end        end        end        end

isrg-x1         2022-01-02 log?           log?       log?       yes        yes        yes        yes
isrg-x1         2022-02-15 log?           log?       log?       yes        yes        yes        yes
isrg-x1         2022-04-02 log?+end       log?+end   log?+end   end        end        end        end

dst-x3          2022-01-02 log?           log?       log?       yes        yes        yes        yes
dst-x3          2022-02-15 log?           log?       log?       yes        yes        yes        yes
dst-x3          2022-04-02 log?+end       log?+end   log?+end   end        end        end        end

badssl          2021-10-27 none           none       log?       yes        yes        yes        none
badssl          2022-04-28 none           none       log?       yes        yes        yes        none
badssl          2022-10-28 none           none       log?+end   end        end        end        none

google-2010     2009-12-17 sha+early      sha+early  weak+early weak+early sha+early  far+early  weak+early
google-2010     2010-12-18 sha            sha        weak       weak       sha        far        weak
google-2010     2011-12-19 sha+end        sha+end    weak+end   weak+end   sha+end    far+end    weak+end

diginotar       2011-07-11 preload?       issuer     issuer     issuer     issuer     issuer     issuer
diginotar       2011-08-01 preload?       issuer     issuer     issuer     issuer     issuer     issuer
diginotar       2013-07-10 issuer+end     issuer+end issuer+end issuer+end issuer+end issuer+end issuer+end

entrust-g2      2024-06-29 none           none       log?       yes        yes        barred     none
entrust-g2      2025-01-12 none           none       log?       yes        yes        barred     none
entrust-g2      2025-07-29 none           none       log?+end   end        end        barred+end none

entrust-g2-old  2024-06-29 log?           none       log?       yes        yes        yes        yes
entrust-g2-old  2025-01-12 log?           none       log?       yes        yes        yes        yes
entrust-g2-old  2025-07-29 log?+end       none       log?+end   end        end        end        end

entrust-g4      2024-06-29 none           none       log?       yes        none       barred     none
entrust-g4      2025-01-12 none           none       log?       yes        none       barred     none
entrust-g4      2025-07-29 none           none       log?+end   end        none       barred+end none

entrust-ev-old  2024-06-29 listed+log?    none       log?       yes        yes        yes        yes
entrust-ev-old  2025-01-12 listed+log?    none       log?       yes        yes        yes        yes
entrust-ev-old  2025-07-01 listed+log?    none       log?       yes        yes        yes        yes

entrust-2048    2023-10-03 none           none       log?       yes        none       yes        yes
entrust-2048    2024-04-18 none           none       log?       yes        none       yes        yes
entrust-2048    2024-11-03 none           none       log?+end   end        none       end        end

symantec        2017-04-27 none           none       none       none       none       early      none
symantec        2018-04-28 none           none       none       none       none       yes        none
symantec        2019-04-29 none           none       none       none       none       end        none

symantec-univ   2017-04-30 none           none       none       early      none       none       none
symantec-univ   2018-05-01 none           none       none       yes        none       none       none
symantec-univ   2019-05-02 none           none       none       end        none       none       none

geotrust-g3     2017-01-31 none           none       none       none       none       early      none
geotrust-g3     2018-08-17 none           none       none       none       none       yes        none
geotrust-g3     2020-03-03 none           none       none       none       none       end        none

geotrust-univ   2017-05-08 none           none       none       early      none       none       none
geotrust-univ   2018-05-06 none           none       none       yes        none       none       none
geotrust-univ   2019-05-04 none           none       none       end        none       none       none

thawte          2017-05-02 none           none       none       none       none       early      none
thawte          2018-05-03 none           none       none       none       none       yes        none
thawte          2019-05-04 none           none       none       none       none       end        none

apple-ist       2019-01-08 none           none       scts+early none       none       early      none
apple-ist       2019-10-24 none           none       scts       none       none       yes        none
apple-ist       2020-08-09 none           none       scts+end   none       none       end        none

chunghwa-ca     2023-12-22 none           none       scts+long+eku yes        yes        yes        none
chunghwa-ca     2027-04-19 none           none       scts+long+eku yes        yes        yes        none
chunghwa-ca     2027-04-20 none           none       scts+long+eku yes        yes        use        none

addtrust        2020-05-15 yes            yes        yes        yes        yes        yes        yes
addtrust        2020-06-01 yes            yes        yes        yes        yes        yes        yes
addtrust        2020-07-30 end            end        end        end        end        end        end

trustcor        2022-11-15 yes            none       none       none       none       none       none
trustcor        2022-12-15 yes            none       none       none       none       none       none
trustcor        2023-02-13 end            none       none       none       none       none       none

trustcor-late   2022-12-01 late+slate     none       none       none       none       none       none
trustcor-late   2022-12-15 late+slate     none       none       none       none       none       none
trustcor-late   2023-03-01 late+slate+end none       none       none       none       none       none

netlock         2025-07-31 yes            yes        yes        yes        yes        yes        yes
netlock         2025-08-15 yes            yes        yes        yes        yes        yes        yes
netlock         2025-10-29 end            end        end        end        end        end        end

netlock-late    2025-08-01 yes            set        yes        yes        yes        yes        yes
netlock-late    2025-08-15 yes            set        yes        yes        yes        yes        yes
netlock-late    2025-10-30 end            set+end    end        end        end        end        end

netlock-156     2026-06-01 yes            none       yes        yes        yes        yes        yes
netlock-156     2026-07-01 yes            none       yes        yes        yes        yes        yes
netlock-156     2026-08-30 end            none       end        end        end        end        end

certum          2026-09-30 yes            yes        yes        yes        yes        yes        yes
certum          2026-11-01 yes            yes        yes        yes        yes        yes        yes
certum          2026-12-29 end            end        end        end        end        end        end

certum-late     2026-10-01 yes            set        yes        yes        yes        yes        yes
certum-late     2026-11-01 yes            set        yes        yes        yes        yes        yes
certum-late     2026-12-30 end            set+end    end        end        end        end        end

certum-mixed    2026-10-04 soon           soon       soon       yes        yes        yes        yes
certum-mixed    2026-10-05 yes            yes        yes        yes        yes        yes        yes
certum-mixed    2026-12-29 end            end        end        end        end        end        end

entrust-1       2024-11-11 yes            none       yes        yes        yes        yes        yes
entrust-1       2025-01-15 yes            none       yes        yes        yes        yes        yes
entrust-1       2025-02-09 end            none       end        end        end        end        end

entrust-2       2024-11-12 yes            none       yes        yes        yes        late       yes
entrust-2       2025-01-15 yes            none       yes        yes        yes        late       yes
entrust-2       2025-02-10 end            none       end        end        end        late+end   end

entrust-3       2024-11-16 yes            none       late       yes        yes        late       yes
entrust-3       2025-01-15 yes            none       late       yes        yes        late       yes
entrust-3       2025-02-14 end            none       late+end   end        end        late+end   end

entrust-4       2024-12-01 late+slate     none       late       yes        yes        late       yes
entrust-4       2025-01-15 late+slate     none       late       yes        yes        late       yes
entrust-4       2025-03-01 late+slate+end none       late+end   end        end        late+end   end

entrust-5       2025-04-17 late+slate     none       late       late       yes        late       yes
entrust-5       2025-06-15 late+slate     none       late       late       yes        late       yes
entrust-5       2025-07-16 late+slate+end none       late+end   late+end   end        late+end   end

entrust-now     2024-11-11 none           none       yes        yes        yes        barred     none
entrust-now     2025-01-15 none           none       yes        yes        yes        barred     none
entrust-now     2025-02-09 none           none       end        end        end        barred+end none

camerfirma      2025-04-15 none           none       late       yes        none       yes        none
camerfirma      2025-06-15 none           none       late       yes        none       yes        none
camerfirma      2025-07-14 none           none       late+end   end        none       end        none

camerfirma-late 2025-04-16 none           none       late       yes        none       late       none
camerfirma-late 2025-06-15 none           none       late       yes        none       late       none
camerfirma-late 2025-07-15 none           none       late+end   end        none       late+end   none

epki            2026-03-17 none           none       long       yes        yes        yes        none
epki            2027-04-19 none           none       long       yes        yes        yes        none
epki            2027-04-20 none           none       long       yes        yes        use        none

epki-late       2026-03-18 none           none       yes        yes        yes        late       none
epki-late       2026-05-01 none           none       yes        yes        yes        late       none
epki-late       2026-06-16 none           none       end        end        end        late+end   none

epki-150        2025-08-01 yes            set        yes        yes        yes        yes        none
epki-150        2025-09-01 yes            set        yes        yes        yes        yes        none
epki-150        2025-10-30 end            set+end    end        end        end        end        none

izenpe          2026-04-14 yes            yes        yes        yes        yes        yes        yes
izenpe          2026-06-01 yes            yes        yes        yes        yes        yes        yes
izenpe          2026-07-13 end            end        end        end        end        end        end

izenpe-edge     2026-04-15 yes            set        yes        yes        yes        yes        yes
izenpe-edge     2026-06-01 yes            set        yes        yes        yes        yes        yes
izenpe-edge     2026-07-14 end            set+end    end        end        end        end        end

izenpe-late     2026-04-16 late+slate     set        yes        yes        yes        yes        yes
izenpe-late     2026-06-01 late+slate     set        yes        yes        yes        yes        yes
izenpe-late     2026-07-15 late+slate+end set+end    end        end        end        end        end

izenpe-back     2026-04-19 slate          set+soon   soon       yes        yes        yes        yes
izenpe-back     2026-04-20 slate          set        yes        yes        yes        yes        yes
izenpe-back     2026-07-09 slate+end      set+end    end        end        end        end        end

anchor-ends     2026-07-14 yes            yes        yes        yes        yes        yes        yes
anchor-ends     2026-07-15 end            yes        end?       end?       yes        yes        end
anchor-ends     2026-08-30 end            end        end        end        end        end        end

anchored-issuer 2026-07-14 preload?       yes        old?       old?       old?       old?       none
anchored-issuer 2026-07-15 none           end        old?       old?       old?       old?       none
anchored-issuer 2026-08-30 none           end        none       none       none       none       none

anchor-on-way   2026-06-02 yes            yes        yes        yes        yes        yes        yes
anchor-on-way   2026-07-14 yes            yes        yes        yes        yes        yes        yes
anchor-on-way   2026-08-30 over+end       end        over+end   over+end   over+end   over+end   over+end

kamu-tr         2026-06-01 yes            yes        yes        yes        yes        yes        yes
kamu-tr         2026-07-01 yes            yes        yes        yes        yes        yes        yes
kamu-tr         2026-08-30 end            end        end        end        end        end        end

kamu-com        2026-06-01 names          yes        yes        yes        yes        yes        yes
kamu-com        2026-07-01 names          yes        yes        yes        yes        yes        yes
kamu-com        2026-08-30 names+end      end        end        end        end        end        end

onecrl          2026-06-01 listed         yes        yes        yes        yes        yes        yes
onecrl          2026-07-01 listed         yes        yes        yes        yes        yes        yes
onecrl          2026-08-30 listed+end     end        end        end        end        end        end

blocked-key     2026-06-01 yes            listed     yes        yes        yes        yes        yes
blocked-key     2026-07-01 yes            listed     yes        yes        yes        yes        yes
blocked-key     2026-08-30 end            listed+end end        end        end        end        end

young-anchor    2026-06-01 yes            yes        old?       old?       old?       old?       yes
young-anchor    2026-07-01 yes            yes        old?       old?       old?       old?       yes
young-anchor    2026-08-30 end            end        none       none       none       none       end

new-condition   2026-06-01 cond?          yes        yes        yes        yes        yes        yes
new-condition   2026-07-01 cond?          yes        yes        yes        yes        yes        yes
new-condition   2026-08-30 cond?+end      end        end        end        end        end        end

no-sct          2026-05-31 scts+early     scts+early scts+early early      early      early      early
no-sct          2026-07-01 scts           scts       scts       yes        yes        yes        yes
no-sct          2026-08-30 scts+end       scts+end   scts+end   end        end        end        end

one-operator    2026-06-01 oneop          oneop      oneop      yes        yes        yes        yes
one-operator    2026-07-01 oneop          oneop      oneop      yes        yes        yes        yes
one-operator    2026-08-30 oneop+end      oneop+end  oneop+end  end        end        end        end

unknown-logs    2026-06-01 log?           log?       log?       yes        yes        yes        yes
unknown-logs    2026-07-01 log?           log?       log?       yes        yes        yes        yes
unknown-logs    2026-08-30 log?+end       log?+end   log?+end   end        end        end        end

retired-log     2026-06-30 yes            yes        yes        yes        yes        yes        yes
retired-log     2026-07-01 yes            yes        yes        yes        yes        yes        yes
retired-log     2026-08-30 end            end        end        end        end        end        end

not-fetched     2026-06-30 preload?       fetch?     fetch?     fetch?     issuer     issuer     issuer
not-fetched     2026-07-01 preload?       fetch?     fetch?     fetch?     issuer     issuer     issuer
not-fetched     2026-08-30 issuer+end     issuer+end issuer+end issuer+end issuer+end issuer+end issuer+end

fetched         2026-06-30 preload?       yes        yes        yes        unsent     unsent     unsent
fetched         2026-07-01 preload?       yes        yes        yes        unsent     unsent     unsent
fetched         2026-08-30 preload?+end   end        end        end        unsent+end unsent+end unsent+end

two-for-long    2026-06-01 scts           scts       scts       yes        yes        yes        yes
two-for-long    2026-07-01 scts           scts       scts       yes        yes        yes        yes
two-for-long    2026-11-29 scts+end       scts+end   scts+end   end        end        end        end
"""
}
